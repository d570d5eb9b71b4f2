// A page of another origin, as the platform's frontends are: what it may send and read with the CORS setting on and off.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { WatchedPage, check } from './watched.mjs';
import { startService } from './service.mjs';

const PATH = '/workspaces/acme/tenants/contoso/support-requests';

export async function crossOrigin(browser, binary, closed) {
  const pages = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html').end('<!doctype html><link rel="icon" href="data:,"><title>An admin page</title>');
  }).listen(0, '127.0.0.1');
  await once(pages, 'listening');
  const { port } = pages.address();
  const frontend = `http://127.0.0.1:${port}`;
  const open = await startService(binary, { SUPPORT_REQUESTS_CORS_ORIGINS: frontend });

  const file = (page, service, token) =>
    page.evaluate(
      async ([url, token]) => {
        try {
          const answer = await fetch(url, {
            method: 'POST',
            headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', 'X-Request-Id': 'from-a-browser-1' },
            body: JSON.stringify({ summary: 'Filed from another origin' }),
          });
          const header = (name) => answer.headers.get(name);
          return { status: answer.status, body: await answer.json(), id: header('X-Request-Id'), challenge: header('WWW-Authenticate') };
        } catch (error) {
          return { blocked: String(error) };
        }
      },
      [service.origin + PATH, token],
    );
  const blocked = [
    /^failed request: .*net::ERR_FAILED/,
    /^console error: Access to fetch .* has been blocked by CORS policy/,
    /^console error: Failed to load resource: net::ERR_FAILED/,
  ];

  const watched = await WatchedPage.open(browser, [frontend, open.origin, closed.origin]);
  await watched.page.goto(frontend);
  await check('A page of an allowed origin files a request and reads the answer and its X-Request-Id', async () => {
    const answer = await file(watched.page, open, open.token);
    assert.equal(answer.status, 201, JSON.stringify(answer));
    assert.match(answer.body.reference, /^SR-/);
    assert.equal(answer.id, 'from-a-browser-1');
    watched.settle();
  });
  await check('It reads a 401 problem too, and what the challenge says', async () => {
    const answer = await file(watched.page, open, 'not-a-token');
    assert.equal(answer.status, 401, JSON.stringify(answer));
    assert.equal(answer.body.code, 'invalid_token');
    assert.equal(answer.body.request_id, answer.id);
    assert.match(answer.challenge, /^Bearer /);
    watched.settle([/^answer 401: /, /^console error: Failed to load resource.* 401 /]);
  });
  await check('With the setting off, the browser blocks the same page, and nothing is stored', async () => {
    const stored = () => closed.output().split('status=201').length;
    const before = stored();
    assert.ok(before > 1, 'the log shows what was stored');
    assert.match((await file(watched.page, closed, closed.token)).blocked ?? '', /TypeError/);
    assert.equal(stored(), before);
    watched.settle(blocked, [/^answer 405: /]);
  });
  await watched.page.context().close();

  await check('A page of an origin that is not on the list is blocked', async () => {
    // The same page under another name is another origin.
    const other = await WatchedPage.open(browser, [`http://localhost:${port}`, open.origin]);
    await other.page.goto(`http://localhost:${port}`);
    assert.match((await file(other.page, open, open.token)).blocked ?? '', /TypeError/);
    other.settle(blocked, [/^answer 4\d\d: /]);
    await other.page.context().close();
  });

  await check('The service with the setting on stops with exit code 0', async () => assert.equal(await open.stop(), 0));
  pages.close();
}
