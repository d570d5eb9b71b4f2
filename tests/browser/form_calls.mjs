// What the form says of a call that does not end well, and what it does then.

import assert from 'node:assert/strict';
import { createPrivateKey, sign } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Form, LOST, TENANT, answered, startSite } from './form.mjs';
import { WatchedPage, check } from './watched.mjs';
import { startService } from './service.mjs';

/** A token of the service's own key that was good until an hour ago. */
function expired(service) {
  const file = readdirSync(service.folder).find((name) => name.endsWith('.development-key.json'));
  const key = createPrivateKey({ key: JSON.parse(readFileSync(join(service.folder, file))), format: 'jwk' });
  const [header, payload] = service.token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url'));
  const hour = 3600;
  const late = { ...claims, iat: claims.iat - 2 * hour, exp: claims.iat - hour };
  const signed = `${header}.${Buffer.from(JSON.stringify(late)).toString('base64url')}`;
  return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`;
}

export async function formCalls(browser, binary) {
  const site = await startSite();
  const service = await startService(binary, { SUPPORT_REQUESTS_CORS_ORIGINS: site.origin });
  site.show(service);
  const watched = await WatchedPage.open(browser, [site.origin, service.origin]);
  const { page } = watched;
  const form = new Form(page);
  const begin = async () => {
    await page.unrouteAll();
    await page.goto(site.origin);
    await form.open();
  };
  const events = () => page.evaluate(() => window.events);
  const problem = (status, code, more = {}) => ({
    status,
    headers: { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': 'Retry-After', ...more.headers },
    contentType: more.contentType ?? 'application/problem+json',
    body: more.body ?? JSON.stringify({ type: 'about:blank', title: 'x', status, detail: 'x', code, request_id: 'x', errors: more.errors ?? [] }),
  });
  const answer = (...problemOf) => page.route(`**${TENANT}`, (route) => route.fulfill(problem(...problemOf)));

  await check('A token that has expired is asked for once more, and the request goes through', async () => {
    await begin();
    await page.evaluate((token) => window.tokens.unshift(token), expired(service));
    await form.send('After the night');
    const reference = await form.submitted();
    assert.deepEqual(await page.evaluate(() => window.asked), [false, true]);
    assert.deepEqual((await events()).map(([name]) => name), ['open', 'submit', 'success']);
    assert.equal((await events())[2][1], reference);
    watched.settle(answered(401), LOST);
  });

  await check('A token that is not accepted twice: sign in again, nothing stored, no third call', async () => {
    await begin();
    const before = service.rows().length;
    await page.evaluate(() => (window.tokens = ['no-token']));
    await form.send('Not signed in');
    assert.match(await form.failed(), /Your session has ended\. Sign in again\.\s+Nothing was stored\./);
    assert.deepEqual(await page.evaluate(() => window.asked), [false, true]);
    assert.equal(service.rows().length, before);
    watched.settle(answered(401), LOST);
  });

  await check('Without a token nothing is sent, and the form says so', async () => {
    const unreachable = /sign-in could not be checked\. Try again[^]*Nothing was stored/;
    for (const [broken, words] of [
      ["form.getToken = () => { throw new Error('no'); }", unreachable],
      ['form.getToken = async () => null', /Your session has ended[^]*Nothing was stored/],
      ['form.getToken = undefined', unreachable],
    ]) {
      await begin();
      await page.evaluate(broken);
      await form.send('No token');
      assert.match(await form.failed(), words, broken);
      watched.settle([], LOST);
    }
  });

  await check('Faults are placed at their fields by pointer, in words by code, and the first has the focus', async () => {
    await begin();
    await form.field('contact_email').fill('ada');
    await form.field('contact_name').fill('Ada');
    await form.send('It fails');
    await page.waitForFunction(() => document.querySelector('request-support').shadowRoot.activeElement?.id === 'contact_email');
    assert.equal(await form.fault('contact_email').innerText(), 'Enter an address such as name@example.org.');
    assert.equal(await form.field('contact_email').getAttribute('aria-invalid'), 'true');
    const described = await form.field('contact_email').getAttribute('aria-describedby');
    assert.ok(described.split(' ').includes('contact_email-fault'));
    assert.equal(await form.error.innerText(), '');
    watched.settle(answered(422));
    await form.field('contact_email').fill('ada@acme.example');
    assert.equal(await form.fault('contact_email').innerText(), '', 'a fault goes when its field is changed');
    await form.submit.click();
    await form.submitted();
    watched.settle();
  });

  await check('Several faults at once, known and unknown codes, each at its field', async () => {
    await begin();
    const errors = [
      { pointer: '/severity', code: 'unknown_value', detail: 'x' },
      { pointer: '/reproduction_notes', code: 'of_a_later_version', detail: 'x' },
      { pointer: '/summary', code: 'blank', detail: 'x' },
    ];
    await answer(422, 'invalid_fields', { errors });
    await form.send('It fails');
    await page.waitForFunction(() => document.querySelector('request-support').shadowRoot.activeElement?.id === 'summary');
    assert.equal(await form.fault('summary').innerText(), 'Say in one line what happened.');
    assert.equal(await form.fault('severity').innerText(), 'This is not accepted here.');
    assert.equal(await form.fault('reproduction_notes').innerText(), 'This is not accepted here.');
    watched.settle(answered(422));
  });

  await check('403 and 404 of the service, in words for a person', async () => {
    for (const [status, code, words] of [
      [403, 'missing_capability', /You are not allowed to request support here/],
      [404, 'not_found', /This does not exist, or you have no access to it/],
      [500, 'internal_error', /could not take your request\.\s+Nothing was stored/],
      [503, 'storage_unavailable', /not available\. Try again shortly\.\s+Nothing was stored/],
    ]) {
      await begin();
      await answer(status, code);
      await form.send('It fails');
      assert.match(await form.failed(), words);
      watched.settle(answered(status));
    }
  });

  await check('503 outcome_unknown: it may have been stored; the same request id goes with the repeat', async () => {
    await begin();
    const ids = [];
    page.on('request', (request) => request.method() === 'POST' && ids.push(request.headers()['x-request-id']));
    await answer(503, 'outcome_unknown');
    await form.send('Stored or not');
    assert.match(await form.failed(), /No certain answer arrived\.\s+Your request may have been stored\. Submitting again may make a second one/);
    const id = await form.requestId();
    await page.unrouteAll();
    await form.submit.click();
    const reference = await form.submitted();
    assert.deepEqual(ids, [id, id]);
    assert.equal(service.rows().find((row) => row.reference === reference).request_id, id);
    watched.settle(answered(503));
  });

  await check("A proxy's HTML is never taken for a problem or a receipt", async () => {
    const html = { contentType: 'text/html', body: '{"code":"invalid_fields","reference":"SR-x"}' };
    for (const [status, words] of [
      // To a page that asks for a name: followed, it would answer as if it had taken the request.
      [302, /Something else answered[^]*may have been stored/],
      [502, /Something else answered[^]*may have been stored/],
      [503, /not available[^]*may have been stored/],
      [504, /Something else answered[^]*may have been stored/],
      [201, /No answer arrived[^]*may have been stored/],
      [200, /Something else answered[^]*may have been stored/],
      [413, /Something else answered[^]*Nothing was stored/],
      [429, /Too many requests[^]*Nothing was stored/],
    ]) {
      await begin();
      await answer(status, 'none', status === 302 ? { ...html, headers: { Location: '/login' } } : html);
      await form.send('Through a proxy');
      assert.match(await form.failed(), words, String(status));
      assert.equal(await page.evaluate(() => window.events.at(-1)[0]), 'error');
      // The rest of an answer that is not the service's is not read: whether it was on its way is a matter of chance.
      watched.settle([], [...answered(status), /net::ERR_ABORTED/]);
    }
  });

  await check('Somebody who stops waiting is told that it may have been stored; a second Escape closes', async () => {
    await begin();
    await page.route(`**${TENANT}`, () => {});
    await form.send('It takes long');
    await form.host.getByRole('button', { name: 'Stop waiting' }).waitFor();
    assert.equal(await form.submit.getAttribute('aria-disabled'), 'true');
    await page.keyboard.press('Escape');
    assert.match(await form.failed(), /You stopped waiting for the answer\.\s+Your request may have been stored/);
    assert.equal((await events()).at(-1)[1], 'unknown');
    await form.field('summary').click();
    await page.keyboard.press('Escape');
    await form.panel.waitFor({ state: 'hidden' });
    watched.settle([], LOST);
  });

  await check('What was written about one tenant is not there for another', async () => {
    await begin();
    await form.field('summary').fill('About Contoso');
    await page.evaluate(() => window.form.setAttribute('tenant', 'fabrikam'));
    await form.panel.waitFor({ state: 'detached' });
    await form.open();
    assert.equal(await form.field('summary').inputValue(), '');
    await form.send('About Fabrikam');
    const reference = await form.submitted();
    assert.match(await form.receipt.innerText(), /Without diagnostics: there are none here/);
    assert.equal(service.rows().find((row) => row.reference === reference).tenant_id, 'fabrikam');
    watched.settle();
  });

  await page.context().close();
  assert.equal(await service.stop(), 0);

  await check('429: how long to wait, nothing stored', async () => {
    const slow = await startService(binary, { SUPPORT_REQUESTS_CORS_ORIGINS: site.origin, SUPPORT_REQUESTS_RATE_LIMIT: '1/h' });
    site.show(slow);
    const limited = await WatchedPage.open(browser, [site.origin, slow.origin]);
    await limited.page.goto(site.origin);
    const other = new Form(limited.page);
    for (const summary of ['The first', 'The second']) {
      await other.open();
      await other.send(summary);
      if (summary === 'The first') {
        await other.submitted();
        await other.host.getByRole('button', { name: 'Close' }).click();
      }
    }
    assert.match(await other.failed(), /Too many requests\. Wait \d{3,4} seconds and submit again\.\s+Nothing was stored/);
    assert.equal(slow.rows().length, 1);
    limited.settle(answered(429));
    await limited.page.context().close();
    assert.equal(await slow.stop(), 0);
  });
  site.close();
}
