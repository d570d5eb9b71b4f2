// nginx in front of the service with a path prefix, which is taken off: as plain as can be, or as deploy/nginx has it.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

async function freePort() {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address();
  listener.close();
  await once(listener, 'close');
  return port;
}

const shippedFile = (name) => readFileSync(new URL(`../../deploy/nginx/support-requests.${name}`, import.meta.url), 'utf8');

function replaceOnce(text, old, put) {
  if (text.split(old).length !== 2) throw new Error(`'${old}' does not stand once in the file`);
  return text.replace(old, put);
}

/** The files of deploy/nginx in the folder, for this service and for pages of this origin; what includes them. */
function shipped(folder, upstream, frontend) {
  const conf = replaceOnce(shippedFile('conf'), '127.0.0.1:8080', new URL(upstream).host);
  writeFileSync(join(folder, 'shipped.conf'), replaceOnce(conf, 'https://admin.example"  ', `${frontend}"  `));
  writeFileSync(join(folder, 'shipped.locations'), shippedFile('locations').replaceAll('/var/log/nginx', folder));
  return { http: `include ${folder}/shipped.conf;`, server: `include ${folder}/shipped.locations;` };
}

/** nginx with the service below `prefix`; with `frontend`, as deploy/nginx has it, for pages of that origin. */
export async function startNginx(upstream, prefix, frontend) {
  const folder = mkdtempSync(join(tmpdir(), 'support-requests-nginx-'));
  const port = await freePort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`);
  const plain = { http: '', server: `location ${prefix}/ { proxy_pass ${upstream}/; }` };
  const { http, server } = frontend ? shipped(folder, upstream, frontend) : plain;
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; master_process off; pid ${folder}/pid; error_log stderr;
events {}
http {
  access_log off;
  ${temporary.join(' ')}
  ${http}
  server {
    listen 127.0.0.1:${port};
    ${server}
  }
}
`,
  );
  // Debian has it where only root's path leads.
  const PATH = `${process.env.PATH}:/usr/sbin:/usr/local/sbin`;
  const arguments_ = ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')];
  const tried = spawnSync('nginx', ['-t', ...arguments_], { env: { ...process.env, PATH }, encoding: 'utf8' });
  if (tried.status !== 0) throw new Error(`nginx does not take its configuration: ${tried.error ?? tried.stderr}`);
  const child = spawn('nginx', arguments_, { env: { ...process.env, PATH }, stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
  const origin = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries += 1) {
    const answer = await fetch(`${origin}${prefix}/livez`).catch(() => null);
    if (answer?.ok) break;
    if (tries > 200 || child.exitCode !== null) throw new Error(`nginx does not answer:\n${output}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    origin,
    async stop() {
      const exit = child.exitCode === null && once(child, 'exit');
      child.kill('SIGTERM');
      if (exit) await exit;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
