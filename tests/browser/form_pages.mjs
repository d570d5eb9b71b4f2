// The form on a platform's own pages: another origin, strict policies, tracing libraries, and the ways to put it there.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { Form, LOST, answered, startSite, strictPolicy } from './form.mjs';
import { WatchedPage, check } from './watched.mjs';
import { startService } from './service.mjs';

/** As Sentry and OpenTelemetry do: `fetch` wrapped, headers added to whatever it is given. */
const tracing = `const plain = window.fetch;
  window.fetch = (input, init) => {
    const request = new Request(input, init);
    const headers = new Headers(request.headers);
    headers.set('sentry-trace', '771a43a4192642f0b136d5159a501700-7d2f1b3c4e5a6978-1');
    headers.set('baggage', 'sentry-environment=production,sentry-release=1.0');
    headers.set('traceparent', '00-771a43a4192642f0b136d5159a501700-7d2f1b3c4e5a6978-01');
    return plain(new Request(request, { headers }));
  };`;

export async function formOnPages(browser, binary, closed, shot, accessible) {
  const site = await startSite();
  const service = await startService(binary, { SUPPORT_REQUESTS_CORS_ORIGINS: site.origin });
  const open = async (options, browserOptions) => {
    const { of = service } = options;
    site.show(of, options);
    const watched = await WatchedPage.open(browser, [site.origin, of.origin], browserOptions);
    await watched.page.goto(site.origin);
    return { watched, page: watched.page, form: new Form(watched.page) };
  };
  const sent = async (form, summary = 'From another origin') => {
    await form.send(summary);
    const reference = await form.submitted();
    return service.rows().find((row) => row.reference === reference);
  };

  await check('On a page of another origin that may call, under a strict policy with Trusted Types, pinned by its hash', async () => {
    const [, module] = execFileSync(binary, ['element', '--base', service.origin], { encoding: 'utf8' }).trim().split('\n');
    assert.match(module, /integrity="sha384-[\w+/=]{64}"/);
    const { watched, page, form } = await open({ policy: strictPolicy(service.origin), module, lang: 'de' });
    await form.open();
    assert.equal(await form.submit.innerText(), 'Supportanfrage absenden');
    assert.ok(await sent(form));
    assert.match(await form.receipt.innerText(), /Supportanfrage gesendet/);
    assert.equal(await page.evaluate(() => typeof trustedTypes.createPolicy), 'function');
    watched.settle();
    await page.context().close();
  });

  await check('A module that is not the one of the hash does not run', async () => {
    const module = `<script type="module" src="${service.origin}/elements/request-support.js" integrity="sha384-${'A'.repeat(64)}" crossorigin="anonymous"></script>`;
    const { watched, page } = await open({ module });
    assert.equal(await page.evaluate(() => Boolean(customElements.get('request-support'))), false);
    watched.settle([/integrity/], LOST);
    await page.context().close();
  });

  await check('On a page of another origin that may not call: honest words, and nothing stored', async () => {
    const before = closed.rows().length;
    const { watched, page, form } = await open({ of: closed });
    await form.open();
    await form.send('Not allowed');
    assert.match(await form.failed(), /No answer arrived\.\s+Your request may have been stored/);
    assert.equal(closed.rows().length, before);
    watched.settle(LOST, [/^answer 405: /]);
    await page.context().close();
  });

  await check('Headers that tracing libraries put on fetch do not keep a request from being stored', async () => {
    const { watched, page, form } = await open({ script: tracing });
    const seen = page.waitForRequest((request) => request.method() === 'POST');
    await form.open();
    assert.ok(await sent(form));
    assert.ok((await seen).headers()['sentry-trace']);
    watched.settle();
    await page.context().close();
  });

  await check('Inline there is the form itself, and after the receipt another one', async () => {
    const { watched, page, form } = await open({ attributes: 'inline include-diagnostics="never"' });
    await form.panel.waitFor();
    assert.equal(await form.host.locator('dialog').count(), 0);
    assert.equal(await form.host.getByRole('checkbox').count(), 0);
    await accessible(page, 'inline');
    assert.equal((await sent(form)).context.attachment.reason, 'not_requested');
    await accessible(page, 'inline receipt');
    await page.screenshot({ path: shot('form-inline-receipt') });
    await form.host.getByRole('button', { name: 'Request support' }).click();
    assert.equal(await form.field('summary').inputValue(), '');
    watched.settle();
    await page.context().close();
  });

  await check('Whether diagnostics are attached: asked, always, never', async () => {
    for (const [ask, untick, reason] of [
      ['ask', false, 'attached'],
      ['ask', true, 'not_requested'],
      ['always', false, 'attached'],
      ['never', false, 'not_requested'],
    ]) {
      const { watched, page, form } = await open({ attributes: `include-diagnostics="${ask}"` });
      await form.open();
      const box = form.host.getByRole('checkbox', { name: 'Attach diagnostics' });
      assert.equal(await box.count(), ask === 'ask' ? 1 : 0);
      assert.equal(await form.host.locator('#include_diagnostics-hint').isVisible(), ask !== 'never');
      if (untick) await box.uncheck();
      assert.equal((await sent(form)).context.attachment.reason, reason);
      watched.settle();
      await page.context().close();
    }
  });

  await check('A button of the page, its own texts, what the form begins with', async () => {
    const script = `form.messages = { success: 'We have it', missing_capability: 'Ask your administrator' };
      form.defaults = { severity: 'high', summary: 'Prefilled', include_diagnostics: false };
      form.contact = { name: 'Ada', email: 'ada@acme.example' };`;
    const { watched, page, form } = await open({ script, inside: '<button slot="trigger">Help!</button><b slot="context">Contoso</b>' });
    await page.getByRole('button', { name: 'Help!' }).click();
    assert.equal(await page.getByRole('button', { name: 'Request support' }).count(), 0);
    assert.ok(await page.getByText('Contoso', { exact: true }).last().isVisible());
    assert.equal(await form.field('summary').inputValue(), 'Prefilled');
    assert.equal(await form.host.getByRole('checkbox').isChecked(), false);
    await form.submit.click();
    const reference = await form.submitted();
    assert.match(await form.receipt.innerText(), /We have it/);
    const row = service.rows().find((one) => one.reference === reference);
    assert.deepEqual([row.severity, row.contact_name], ['high', 'Ada']);
    watched.settle();
    await page.context().close();
  });

  await check('An element that is taken off the page while its dialog is open opens again where it is put', async () => {
    const { watched, page, form } = await open({});
    await form.open();
    await form.field('summary').fill('Moved');
    await page.evaluate(() => {
      window.form.remove();
      document.body.append(window.form);
    });
    await form.panel.waitFor({ state: 'hidden' });
    await form.open();
    assert.equal(await form.field('summary').inputValue(), 'Moved');
    assert.equal(await form.panel.evaluate((dialog) => dialog.matches(':modal')), true);
    watched.settle();
    await page.context().close();
  });

  await check('The function alone answers the receipt, or an error that says what is known', async () => {
    const { watched, page } = await open({});
    const outcome = (scope, body, options) =>
      page.evaluate(
        async ([base, scope, body, { token, ...options }]) => {
          const { submitSupportRequest } = await import(`${base}/elements/request-support.js`);
          const call = { getToken: () => token, ...(options.aborted && { signal: AbortSignal.abort() }) };
          return submitSupportRequest({ api: base, workspace: 'acme', tenant: 'contoso', ...scope }, body, call).then(
            ({ reference }) => reference,
            ({ status, outcome, code, problem, requestId }) => ({ status, outcome, code, has: problem?.code ?? null, id: requestId.length }),
          );
        },
        [service.origin, scope, body, { token: service.token, ...options }],
      );
    const body = { summary: 'By the function' };
    assert.match(await outcome({ run: 'run-1042' }, body), /^SR-/);
    assert.deepEqual(await outcome({ tenant: 'northwind' }, body), { status: 404, outcome: 'not_stored', code: 'not_found', has: 'not_found', id: 36 });
    for (const [scope, options, code] of [
      [{ tenant: '..' }, {}, 'failed'],
      [{ api: '' }, {}, 'failed'],
      [{}, { token: 'ümlaut\u2028' }, 'failed'],
      [{}, { aborted: true }, 'aborted'],
    ]) {
      assert.deepEqual(await outcome(scope, body, options), { status: 0, outcome: 'not_stored', code, has: null, id: 36 });
    }
    watched.settle(answered(404));
    await page.context().close();
  });

  assert.equal(await service.stop(), 0);
  site.close();
}
