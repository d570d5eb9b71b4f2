// Swagger UI as a newcomer uses it: Authorize, fill in, Execute, read the answer.

import assert from 'node:assert/strict';
import { WatchedPage, check } from './watched.mjs';

const REFERENCE = /SR-[0-7][0-9A-HJKMNP-TV-Z]{25}/;

/** `service.base` is where the service is reached, a prefix included; `way` says so in the sentences. */
export async function swaggerUi(browser, service, way, shot) {
  const watched = await WatchedPage.open(browser, [service.origin]);
  const { page } = watched;
  const operation = (id) => page.locator(`[id="operations-Support requests-${id}"], [id="operations-Support_requests-${id}"]`);

  const ids = [];
  const execute = async (id, path, body) => {
    const block = operation(id);
    if (!(await block.locator('.opblock-body').isVisible())) await block.locator('.opblock-summary-control').click();
    for (const [name, value] of Object.entries(path)) {
      await block.locator(`tr[data-param-name="${name}"] input`).fill(value);
    }
    if (body !== undefined) await block.locator('.opblock-section-request-body textarea').fill(body);
    const answered = page.waitForResponse((r) => r.request().method() === 'POST' && r.url().startsWith(`${service.base}/workspaces/`));
    await block.getByRole('button', { name: 'Execute' }).click();
    const answer = await answered;
    const live = block.locator('.live-responses-table');
    await live.locator(`.response-col_status:has-text("${answer.status()}")`).first().waitFor();
    ids.push(answer.headers()['x-request-id']);
    return { status: answer.status(), page: await live.locator('tbody').first().innerText(), live };
  };
  // The answer, with the form that led to it above.
  const photograph = async (live, name) => {
    await live.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    await page.screenshot({ path: shot(name) });
  };
  const created = ({ status, page }) => {
    assert.equal(status, 201);
    assert.match(page, /^201/);
    assert.match(page, REFERENCE);
    return REFERENCE.exec(page)[0];
  };

  await check(`Swagger UI loads, shows both operations, and asks nobody else for anything${way}`, async () => {
    await page.goto(`${service.base}/docs/`);
    await operation('createTenantSupportRequest').waitFor();
    await operation('createOperationRunSupportRequest').waitFor();
    // The policy lets nothing inline run: what Swagger UI needs, it loads. The bar at the top is left out, models are folded.
    assert.equal(await page.locator('.topbar').count(), 0);
    assert.equal(await page.locator('.models .model-container').count(), 0);
    await page.screenshot({ path: shot('1-start'), fullPage: true });
    watched.settle();
  });

  await check(`Without a token, Execute shows the 401 problem${way}`, async () => {
    const { status, page: text } = await execute('createTenantSupportRequest', { workspace: 'acme', tenant: 'contoso' });
    assert.equal(status, 401);
    assert.match(text, /"code": "missing_token"/);
    watched.settle([/^answer 401: /, /^console error: Failed to load resource.* 401 /]);
  });

  await check(`"Authorize" takes a development token${way}`, async () => {
    await page.locator('.auth-wrapper .btn.authorize').first().click();
    const dialog = page.locator('.modal-ux');
    await dialog.locator('input').fill(service.token);
    await page.screenshot({ path: shot('2-authorize') });
    await dialog.getByRole('button', { name: 'Apply credentials' }).click();
    await dialog.getByRole('button', { name: 'Remove authorization' }).waitFor();
    await dialog.locator('.btn-done').click();
    await dialog.waitFor({ state: 'detached' });
    watched.settle();
  });

  const references = [];
  await check(`The tenant operation, executed with the document's own example, shows 201 and a reference${way}`, async () => {
    const answer = await execute('createTenantSupportRequest', { workspace: 'acme', tenant: 'contoso' });
    references.push(created(answer));
    await photograph(answer.live, '3-tenant-201');
    watched.settle();
  });

  await check(`The operation-run operation shows 201 and another reference${way}`, async () => {
    const path = { workspace: 'acme', tenant: 'contoso', run: 'run-1042' };
    const answer = await execute('createOperationRunSupportRequest', path, '{"summary": "Run 1042 failed at step 3", "severity": "blocking"}');
    references.push(created(answer));
    assert.match(answer.page, /"type": "operation_run"/);
    assert.match(answer.page, /"severity": "blocking"/);
    assert.notEqual(references[0], references[1]);
    assert.equal(new Set(ids).size, ids.length, 'each request has an id of its own');
    await photograph(answer.live, '4-run-201');
    watched.settle();
  });

  await check(`An invalid body shows 422 as application/problem+json that names every faulty field${way}`, async () => {
    const answer = await execute('createTenantSupportRequest', {}, '{"summary": " ", "severity": "urgent", "colour": 1}');
    assert.equal(answer.status, 422);
    assert.match(answer.page, /content-type: application\/problem\+json/);
    // A field's name that the caller made up is not repeated either, so the unknown one is reported for the body itself.
    for (const pointer of ['/summary', '/severity', '']) assert.ok(answer.page.includes(`"pointer": "${pointer}"`), pointer);
    assert.ok(!answer.page.includes('colour'));
    await photograph(answer.live, '5-tenant-422');
    watched.settle([/^answer 422: /, /^console error: Failed to load resource.* 422 /]);
  });

  await check(`No request left for another host${way}`, () => {
    console.log(watched.requests.map((request) => `        ${request}`).join('\n'));
    assert.ok(watched.requests.length > 5);
    watched.settle();
  });
  await page.context().close();
}
