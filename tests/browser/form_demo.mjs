// The demo: the form on both surfaces, as a person meets it there.

import assert from 'node:assert/strict';
import { Form, REFERENCE, answered } from './form.mjs';
import { WatchedPage, check } from './watched.mjs';

export async function formOnTheDemo(browser, service, shot, accessible) {
  const open = async (path, options) => {
    const watched = await WatchedPage.open(browser, [service.origin], options);
    await watched.page.goto(`${service.origin}/demo/${path}`);
    return { watched, page: watched.page, form: new Form(watched.page) };
  };
  const about = (reference) => service.rows().find((row) => row.reference === reference);

  await check('From the tenant dashboard a request is submitted, and the reference shown and copied', async () => {
    const { watched, page, form } = await open('');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: service.origin });
    await form.open();
    assert.equal(await form.host.getByRole('radio', { name: 'Normal' }).isChecked(), true);
    assert.equal(await form.submit.innerText(), 'Submit support request');
    await form.field('reproduction_notes').fill('Open the dashboard, press Sync.\nThe log says: password=Winter2026!pass');
    await form.send('Policies are not synchronised', 'High');
    const reference = await form.submitted();
    const receipt = await form.receipt.innerText();
    assert.match(receipt, new RegExp(`Support request submitted[^]*Reference ${reference}[^]*Diagnostics are attached\\.`));
    assert.match(receipt, /Taken out of your text before it was stored:\s+Notes: password × 1/);
    assert.match(await form.status.innerText(), REFERENCE);
    assert.equal(await page.evaluate(() => document.activeElement.shadowRoot.activeElement.id), 'title');
    await form.copy.click();
    await form.host.getByRole('button', { name: 'Copied' }).waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), reference);
    await form.host.getByRole('button', { name: 'Close' }).click();
    assert.match(await page.locator('#requested').innerText(), new RegExp(reference));
    const stored = about(reference);
    assert.equal(stored.severity, 'high');
    assert.equal(stored.contact_email, 'ada.fischer@acme.example');
    assert.equal(stored.context.primary_context.type, 'tenant');
    await form.open();
    assert.equal(await form.field('summary').inputValue(), '', 'the next request begins anew');
    watched.settle();
    await page.context().close();
  });

  await check('From the run, under "More", a request is submitted about the run, and the focus goes back', async () => {
    const { watched, page, form } = await open('run.html');
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('button', { name: 'Request support' }).click();
    await form.send('The nightly run failed at step 3', 'Blocking');
    const reference = await form.submitted();
    await form.host.getByRole('button', { name: 'Close' }).click();
    assert.equal(await page.evaluate(() => document.activeElement.id), 'more');
    assert.deepEqual(about(reference).context.primary_context, { type: 'operation_run', id: 'run-1042' });
    watched.settle();
    await page.context().close();
  });

  await check('It is used with the keyboard alone; Escape keeps what was written', async () => {
    const { watched, page, form } = await open('');
    await form.trigger.waitFor();
    const focused = () => page.evaluate(() => document.activeElement.shadowRoot?.activeElement?.getAttribute('part'));
    for (let presses = 0; (await focused()) !== 'trigger'; presses += 1) {
      assert.ok(presses < 20, 'the button is not reached');
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await form.panel.waitFor();
    await page.keyboard.type('Typed by keyboard');
    await page.keyboard.press('Escape');
    await form.panel.waitFor({ state: 'hidden' });
    assert.equal(await focused(), 'trigger');
    await page.keyboard.press('Enter');
    await form.panel.waitFor();
    assert.equal(await form.field('summary').inputValue(), 'Typed by keyboard');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    assert.equal(await form.host.getByRole('radio', { name: 'High' }).isChecked(), true);
    // Notes, name, address, diagnostics, cancel, submit.
    for (let presses = 0; (await focused()) !== 'submit'; presses += 1) {
      assert.ok(presses < 10, 'the dominant button is not reached');
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    assert.equal(about(await form.submitted()).severity, 'high');
    watched.settle();
    await page.context().close();
  });

  await check('A double click sends one request', async () => {
    const { watched, page, form } = await open('');
    let sent = 0;
    await page.route('**/support-requests', async (route) => {
      sent += 1;
      await new Promise((resolve) => setTimeout(resolve, 300));
      await route.continue();
    });
    const before = service.rows().length;
    await form.open();
    await form.field('summary').fill('Clicked twice');
    await form.submit.dblclick();
    await form.submitted();
    assert.deepEqual([sent, service.rows().length - before], [1, 1]);
    watched.settle();
    await page.context().close();
  });

  for (const colorScheme of ['light', 'dark']) {
    await check(`Nothing is inaccessible on either page, in the form, its errors and its receipt: ${colorScheme}`, async () => {
      const { watched, page, form } = await open('', { colorScheme, viewport: { width: 1280, height: 900 } });
      await form.trigger.waitFor();
      await accessible(page, 'dashboard');
      await form.open();
      await accessible(page, 'form');
      await page.screenshot({ path: shot(`form-${colorScheme}`) });
      await form.send('');
      assert.equal(await form.fault('summary').innerText(), 'Say in one line what happened.');
      await accessible(page, 'fault');
      await page.route('**/support-requests', (route) => route.abort());
      await form.send('It fails');
      await form.failed();
      await accessible(page, 'lost');
      await page.screenshot({ path: shot(`form-lost-${colorScheme}`) });
      await page.unroute('**/support-requests');
      await form.submit.click();
      await form.submitted();
      await accessible(page, 'receipt');
      await page.screenshot({ path: shot(`form-receipt-${colorScheme}`) });
      await page.goto(`${service.origin}/demo/run.html`);
      await page.getByRole('button', { name: 'More' }).click();
      await accessible(page, 'run');
      await page.screenshot({ path: shot(`demo-run-${colorScheme}`), fullPage: true });
      watched.settle([/^failed request: .*ERR_FAILED/, /^console error: .*ERR_FAILED/]);
      await page.context().close();
    });
  }

  await check('At 375 pixels nothing is wider than the page, and every target is 44 pixels high', async () => {
    for (const path of ['', 'run.html']) {
      const { watched, page, form } = await open(path, { viewport: { width: 375, height: 720 }, hasTouch: true, isMobile: true });
      const wider = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      await page.evaluate(() => customElements.whenDefined('request-support'));
      assert.equal(await wider(), 0);
      for (const width of [768, 1440, 375]) {
        await page.setViewportSize({ width, height: 720 });
        assert.equal(await wider(), 0, `${width} pixels`);
      }
      await form.host.evaluate((element) => element.open());
      await form.panel.waitFor();
      const { x, width } = await form.panel.boundingBox();
      assert.ok(x >= 0 && x + width <= 375, `the dialog is at ${x}, ${width} wide`);
      const targets = await form.panel.locator('button, input:not([type]), textarea, label[part="choice"]').all();
      assert.equal(targets.length, 11);
      for (const target of targets) {
        const box = await target.boundingBox();
        assert.ok(box.height >= 44 && box.width >= 44 && box.x >= 0 && box.x + box.width <= 375, JSON.stringify(box));
      }
      await page.screenshot({ path: shot(`form-375${path && '-run'}`) });
      watched.settle();
      await page.context().close();
    }
  });

  await check('Nothing moves, so nobody has to ask for less motion', async () => {
    const { page, form } = await open('');
    await form.open();
    assert.equal(await form.host.evaluate((element) => document.getAnimations().length + element.getAnimations({ subtree: true }).length), 0);
    await page.context().close();
  });

  await check('A token that has expired is replaced, and the request goes through', async () => {
    const { watched, page, form } = await open('');
    let tokens = 0;
    await page.route('**/demo/token', async (route) => {
      tokens += 1;
      return tokens === 1 ? route.fulfill({ json: { token: 'expired' } }) : route.continue();
    });
    await form.open();
    await form.send('After a night');
    await form.submitted();
    assert.equal(tokens, 2);
    watched.settle(answered(401));
    await page.context().close();
  });
}
