// What is between the page and the service: nothing any more, a line that breaks, nginx with a prefix.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer, request as ask } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Form, LOST, TENANT, answered, startSite } from './form.mjs';
import { WatchedPage, check } from './watched.mjs';
import { startService } from './service.mjs';

/** A line that passes everything on, and loses the first answer to a POST. */
async function losingLine(service) {
  const to = new URL(service.origin);
  let lost = 0;
  const line = createServer((request, response) => {
    const onward = ask({ host: to.hostname, port: to.port, path: request.url, method: request.method, headers: request.headers }, (answer) => {
      if (request.method === 'POST' && lost === 0) {
        lost += 1;
        return answer.on('end', () => response.destroy()).resume();
      }
      // Over a kept connection that breaks, a browser sends a POST again by itself.
      response.writeHead(answer.statusCode, { ...answer.headers, connection: 'close' });
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  }).listen(0, '127.0.0.1');
  await once(line, 'listening');
  return { origin: `http://127.0.0.1:${line.address().port}`, close: () => (line.closeAllConnections(), line.close()) };
}

/** nginx with the service below `/support/`, and error pages of its own. */
async function nginx(service) {
  const folder = mkdtempSync(join(tmpdir(), 'support-requests-nginx-'));
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address();
  await new Promise((resolve) => free.close(resolve));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`);
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; user ${userInfo().username}; events {}
     http { access_log off; ${temporary.join(' ')}
       server { listen 127.0.0.1:${port}; location /support/ { proxy_pass ${service.origin}/; } } }`,
  );
  const child = spawn('nginx', ['-e', 'stderr', '-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
  for (let tries = 0; ; tries += 1) {
    const socket = connect(port, '127.0.0.1');
    const open = await new Promise((resolve) => socket.once('connect', () => resolve(true)).once('error', () => resolve(false)));
    socket.destroy();
    if (open) break;
    assert.ok(tries < 200 && child.exitCode === null, 'nginx does not begin to listen');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    origin: `http://127.0.0.1:${port}`,
    async stop() {
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function formNetwork(browser, binary) {
  const open = async (origin, path, allowed = []) => {
    const watched = await WatchedPage.open(browser, [origin, ...allowed]);
    await watched.page.goto(origin + path);
    const form = new Form(watched.page);
    await form.open();
    return { watched, form, page: watched.page };
  };

  await check('An answer that got lost: it may have been stored, it was, and the twin has the same request id', async () => {
    const site = await startSite();
    const service = await startService(binary, { SUPPORT_REQUESTS_CORS_ORIGINS: site.origin });
    const line = await losingLine(service);
    site.show(service, { api: line.origin });
    const { watched, form, page } = await open(site.origin, '/', [service.origin, line.origin]);
    await form.send('The answer got lost');
    assert.match(await form.failed(), /No answer arrived\.\s+Your request may have been stored/);
    const id = await form.requestId();
    assert.deepEqual(service.rows().map((row) => row.request_id), [id]);
    await form.submit.click();
    await form.submitted();
    assert.deepEqual(service.rows().map((row) => row.request_id), [id, id]);
    watched.settle(LOST);
    await page.context().close();
    line.close();
    site.close();
    assert.equal(await service.stop(), 0);
  });

  await check('The service goes away while the form is open, and comes back: nothing that was written is lost', async () => {
    const service = await startService(binary);
    const { watched, form, page } = await open(service.origin, '/demo/');
    await form.field('reproduction_notes').fill('Written before it went away');
    await service.crash();
    await form.send('In the middle');
    // The demo's backend is gone as well, so there is no token to send.
    assert.match(await form.failed(), /Nothing was stored/);
    const address = service.origin.replace('http://', '');
    const again = await startService(binary, { SUPPORT_REQUESTS_LISTEN: address });
    await form.submit.click();
    await form.submitted();
    assert.equal(again.rows()[0].reproduction_notes, 'Written before it went away');
    watched.settle(LOST);
    await page.context().close();
    await service.stop();
    assert.equal(await again.stop(), 0);
  });

  await check('nginx in front, with a prefix: the demo works, and its own 502 is taken for nothing else', async () => {
    const service = await startService(binary);
    const proxy = await nginx(service);
    const { watched, form, page } = await open(proxy.origin, '/support/demo/');
    await form.send('Through nginx');
    await form.submitted();
    assert.equal(service.rows().length, 1);
    await form.host.getByRole('button', { name: 'Close' }).click();
    watched.settle();
    await service.crash();
    await form.open();
    await form.send('Nobody is behind it');
    assert.match(await form.failed(), /Something else answered in place of the support service\.\s+Your request may have been stored/);
    const html = await page.evaluate(async (path) => {
      const answer = await fetch(`../${path}`, { method: 'POST' });
      return [answer.status, answer.headers.get('Content-Type')];
    }, TENANT.slice(1));
    assert.deepEqual(html, [502, 'text/html']);
    watched.settle(answered(502));
    await page.context().close();
    await proxy.stop();
    await service.stop();
  });
}
