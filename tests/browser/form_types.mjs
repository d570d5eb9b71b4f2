// The type declarations and the manifest say what the module has.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { check } from './watched.mjs';

const WEB = new URL('../../src/web/elements/', import.meta.url);
const read = (name) => readFileSync(new URL(name, WEB), 'utf8');

export async function formTypes(tools) {
  await check('A page in TypeScript compiles against the declarations, and a wrong one does not', () => {
    // The compiler is there for the generated clients.
    const compiler = createRequire(new URL('clients/', tools)).resolve('typescript/bin/tsc');
    const page = fileURLToPath(new URL('types/platform.mts', import.meta.url));
    const options = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', '--lib', 'es2022,dom'];
    try {
      execFileSync(process.execPath, [compiler, ...options, page], { encoding: 'utf8' });
    } catch (error) {
      assert.fail(error.stdout);
    }
  });

  await check('The module exports what the declarations export, also where there is no page', async () => {
    const declared = [...read('request-support.d.ts').matchAll(/^export (?:class|function) (\w+)/gm)].map(([, name]) => name);
    const module = await import(new URL('request-support.js', WEB));
    assert.deepEqual(Object.keys(module).sort(), declared.sort());
  });

  await check('The manifest names the attributes, events, parts, slots and colours that the module has', () => {
    const [element] = JSON.parse(read('custom-elements.json')).modules[0].declarations;
    const source = read('request-support.js');
    const all = (pattern) => [...new Set([...source.matchAll(pattern)].map(([, name]) => name))].sort();
    const named = (kind) => element[kind].map(({ name }) => name).sort();
    assert.deepEqual(named('cssProperties'), all(/var\((--request-support-[\w-]+),/g));
    assert.deepEqual(named('slots'), all(/make\('slot', \{ name: '(\w+)'/g));
    assert.deepEqual(named('events'), ['open', 'submit', 'success', 'error', 'close'].map((name) => `request-support:${name}`).sort());
    for (const attribute of named('attributes')) assert.ok(new RegExp(`['\\[]${attribute}['=]`).test(source), attribute);
    for (const part of named('cssParts')) assert.ok(new RegExp(`'${part}'|part=${part}\\b`).test(source), part);
    for (const key of ['getToken', 'contact', 'defaults', 'messages']) assert.ok(source.includes(`this.${key}`), key);
  });
}
