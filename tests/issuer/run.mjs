// The service with the keys and tokens of a real issuer: its discovery, its rotation. `tests/run issuer` installs what it
// needs and starts it.

import { accessSync, constants } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dirname, join } from 'node:path';
import assert from 'node:assert/strict';
import { startService } from '../browser/service.mjs';
import { AUDIENCE, CLAIM, newKey, startProvider } from './provider.mjs';

const target = join(dirname(fileURLToPath(import.meta.url)), '../../target');
const binary = process.env.SUPPORT_REQUESTS_BINARY ?? join(target, 'debug/support-requests');
accessSync(binary, constants.X_OK);

let failed = 0;
async function check(sentence, test) {
  try {
    await test();
    console.log(`ok    ${sentence}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL  ${sentence}\n      ${error.stack}`);
  }
}

const [first, second] = [newKey('2031-05', 'RS256'), newKey('2031-06', 'ES256')];
let provider = await startProvider(0, [first]);
const settings = {
  SUPPORT_REQUESTS_JWKS: 'discover',
  SUPPORT_REQUESTS_ISSUER: provider.issuer,
  SUPPORT_REQUESTS_AUDIENCE: AUDIENCE,
  SUPPORT_REQUESTS_GRANTS_CLAIM: CLAIM,
  SUPPORT_REQUESTS_TOKEN_TYPE: 'at+jwt',
};

/** Another set of keys on the same port, as after a restart of the issuer. */
async function restart(keys) {
  await provider.stop();
  provider = await startProvider(provider.port, keys);
}

const service = await startService(binary, settings);

/** Polls until it holds; a fault shows as a failure and not as a test that hangs. */
async function until(what, holds) {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${what}:\n${service.output()}`);
}

const HOME = '/workspaces/acme/tenants/contoso';
const create = async (token, scope = HOME) => {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${service.origin}${scope}/support-requests`, { method: 'POST', headers, body: '{"summary":"It fails"}' });
  return answer.status;
};
const creates = async (token) => [await create(token), await create(token, `${HOME}/operation-runs/run-1042`)];

try {
  await check('Keys are discovered from the issuer, and its tokens are taken', async () => {
    await until('not ready', async () => (await fetch(`${service.origin}/readyz`)).status === 200);
    const token = await provider.token();
    assert.deepEqual(await creates(token), [201, 201]);
    assert.equal(await create(token, '/workspaces/acme/tenants/fabrikam'), 404, 'no entry in the claim');
    const claims = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
    assert.ok(claims[CLAIM] && claims.iss === provider.issuer && claims.aud === AUDIENCE, JSON.stringify(claims));
  });
  await check('A new key is taken as soon as a token of it has come, and the old one is still good', async () => {
    const old = await provider.token();
    await restart([second, first]);
    const token = await provider.token();
    assert.equal(JSON.parse(Buffer.from(token.split('.')[0], 'base64url')).kid, second.kid);
    const statuses = [await create(token)];
    await until('the new key is not taken', async () => statuses[statuses.push(await create(token)) - 1] === 201);
    assert.equal(statuses[0], 401, 'the request that brought it did not wait');
    assert.deepEqual(await creates(old), [201, 201]);
  });
  await check('While the issuer is away, tokens are judged as before', async () => {
    const token = await provider.token();
    await provider.stop();
    service.signal('SIGHUP');
    await until('the failure is not in the log', () => service.output().includes('the old keys stay in force'));
    assert.deepEqual(await creates(token), [201, 201]);
    assert.equal((await fetch(`${service.origin}/readyz`)).status, 200);
    provider = await startProvider(provider.port, [second, first]);
  });
  await check('A key that the issuer has retired is out of force from the next fetch on', async () => {
    await restart([first, second]);
    const retired = await provider.token();
    assert.deepEqual(await creates(retired), [201, 201]);
    await restart([second]);
    service.signal('SIGHUP');
    await until('the old key is still taken', async () => (await create(retired)) === 401);
    assert.deepEqual(await creates(retired), [401, 401]);
    const token = await provider.token();
    assert.deepEqual(await creates(token), [201, 201]);
    assert.equal(await create(`${token.slice(0, -8)}AAAAAAAA`), 401, 'another signature');
  });
} finally {
  await check('The service stops with exit code 0', async () => assert.equal(await service.stop(), 0));
  await provider.stop();
}
console.log(`issuer: ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
