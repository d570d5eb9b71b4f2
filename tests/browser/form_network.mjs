// What is between the page and the service: nothing any more, a line that breaks, nginx with a prefix.

import assert from 'node:assert/strict';
import { createServer, request as ask } from 'node:http';
import { once } from 'node:events';
import { Form, LOST, TENANT, answered, startSite } from './form.mjs';
import { startNginx } from './nginx.mjs';
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
    const proxy = await startNginx(service.origin, '/support');
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

  await check('nginx as we ship it, from a page of another origin: stored; and with nobody behind it, its words are read', async () => {
    const site = await startSite();
    const service = await startService(binary, { SUPPORT_REQUESTS_CORS_ORIGINS: site.origin });
    const proxy = await startNginx(service.origin, '/support', site.origin);
    site.show(service, { api: `${proxy.origin}/support` });
    const { watched, form, page } = await open(site.origin, '/', [service.origin, proxy.origin]);
    await form.send('Through nginx as shipped');
    await form.submitted();
    assert.equal(service.rows().length, 1);
    await form.host.getByRole('button', { name: 'Close' }).click();
    await service.crash();
    await form.open();
    await form.send('Nobody is behind it');
    assert.match(await form.failed(), /No certain answer arrived\.\s+Your request may have been stored/);
    assert.deepEqual(await page.evaluate(() => events.findLast(([name]) => name === 'error')), ['error', 'unknown']);
    assert.match(await form.requestId(), /^[0-9a-f-]{32,36}$/);
    watched.settle(answered(502));
    await page.context().close();
    await proxy.stop();
    site.close();
    await service.stop();
  });
}
