// The pages under /docs/: what they load and how often, what a screen reader makes of them, on a phone and in the dark.

import assert from 'node:assert/strict';
import { WatchedPage, check } from './watched.mjs';

const SIZES = [
  { width: 375, height: 812 },
  { width: 1280, height: 900 },
];

export async function docs(browser, service, axe, shot) {
  const { base } = service;

  const open = async (options = {}) => {
    const watched = await WatchedPage.open(browser, [service.origin], options);
    return { watched, page: watched.page };
  };
  /** What is wrong with a page by axe-core, but for what is Swagger UI's own. */
  const findings = async (page) => {
    // Over the debugger and not as an element of the page, which its policy would refuse.
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run({ exclude: ['#swagger-ui'] }));
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
  };
  const fits = (page) =>
    page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth && innerWidth);

  for (const viewport of SIZES) {
    for (const colorScheme of ['light', 'dark']) {
      const { watched, page } = await open({ viewport, colorScheme });
      const seen = `${viewport.width} px, ${colorScheme}`;
      await check(`The page of errors has no finding of axe-core and fits: ${seen}`, async () => {
        await page.goto(`${base}/docs/errors`);
        assert.deepEqual(await findings(page), []);
        assert.equal(await fits(page), viewport.width);
        await page.screenshot({ path: shot(`errors-${viewport.width}-${colorScheme}`) });
        watched.settle();
      });
      await check(`The frame around Swagger UI has no finding of axe-core and fits: ${seen}`, async () => {
        await page.goto(`${base}/docs/`);
        await page.locator('.opblock').first().waitFor();
        assert.deepEqual(await findings(page), []);
        assert.equal(await fits(page), viewport.width);
        await page.screenshot({ path: shot(`docs-${viewport.width}-${colorScheme}`) });
        watched.settle();
      });
      await page.context().close();
    }
  }

  const { watched, page } = await open();
  await check('A second visit asks whether the page has changed and loads nothing', async () => {
    const visits = [];
    page.on('requestfinished', (request) => {
      if (!request.url().startsWith(`${base}/docs/`)) return;
      // The size of what comes from the browser's own cache is below zero.
      visits.at(-1).push(request.sizes().then((size) => Math.max(0, size.responseBodySize)));
    });
    for (let visit = 0; visit < 2; visit += 1) {
      visits.push([]);
      await page.goto(`${base}/docs/`);
      await page.locator('.opblock').first().waitFor();
      await page.goto('about:blank');
    }
    const bytes = await Promise.all(visits.map(async (sizes) => (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)));
    console.log(`        ${bytes[0]} bytes on the first visit, ${bytes[1]} on the second`);
    assert.ok(bytes[0] > 300_000 && bytes[0] < 700_000 && bytes[1] < 2_000, bytes.join());
    watched.settle();
  });

  await check('The links above Swagger UI lead to the errors and the document, and the root leads to Swagger UI', async () => {
    await page.goto(`${base}/`);
    await page.waitForURL(`${base}/docs/`);
    await page.getByRole('link', { name: 'What each error means' }).click();
    await page.waitForURL(`${base}/docs/errors`);
    assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Errors');
    await page.getByRole('link', { name: 'Try the API' }).click();
    await page.waitForURL(`${base}/docs/`);
    assert.equal(await page.locator('#swagger-ui .topbar').count(), 0);
    const document_ = await page.request.get(new URL('../openapi.json', page.url()).href);
    assert.equal((await document_.json()).openapi, '3.1.0');
    watched.settle();
  });

  await check("An error's Link leads to the section of its code", async () => {
    const url = `${base}/workspaces/acme/tenants/contoso/operation-runs/run-1042/support-requests`;
    const refused = await page.request.post(url, { data: {} });
    assert.equal(refused.status(), 401);
    const [, target] = /^<([^>]+)>; rel="help"$/.exec(refused.headers().link);
    await page.goto(new URL(target, url).href);
    assert.equal(page.url(), `${base}/docs/errors#missing_token`);
    const section = page.locator('h2:target');
    assert.equal(await section.innerText(), 'missing_token');
    assert.ok(await section.evaluate((heading) => heading.getBoundingClientRect().top < innerHeight));
    await page.screenshot({ path: shot('errors-section') });
    watched.settle();
  });

  await check('No page can frame the pages, not even one of the same origin', async () => {
    await page.goto(`${base}/livez`);
    await page.evaluate((sources) => {
      for (const src of sources) document.body.append(Object.assign(document.createElement('iframe'), { src }));
    }, ['docs/', 'docs/errors', 'livez']);
    const refused = () => watched.problems.filter((problem) => /frame-ancestors/.test(problem));
    for (let tries = 0; refused().length < 2 && tries < 100; tries += 1) await page.waitForTimeout(100);
    assert.equal(refused().length, 2, watched.problems.join('\n'));
    // A page that names no icon has the browser ask for one.
    watched.settle([/frame-ancestors/], [/ERR_BLOCKED_BY_RESPONSE/, /ERR_ABORTED/, /favicon\.ico/]);
  });
  await page.context().close();
}
