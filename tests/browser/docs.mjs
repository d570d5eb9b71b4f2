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
  await check('A second visit asks about the pages and loads nothing', async () => {
    const sizes = { first: 0, second: 0 };
    let visit = 'first';
    const counted = [];
    page.on('requestfinished', (request) => counted.push(request.sizes().then((size) => (sizes[visit] += size.responseBodySize))));
    for (visit of ['first', 'second']) {
      await page.goto(`${base}/docs/`);
      await page.locator('.opblock').first().waitFor();
      await page.goto('about:blank');
      await Promise.all(counted);
    }
    console.log(`        first visit ${sizes.first} bytes, second ${sizes.second}`);
    assert.ok(sizes.first > 300_000 && sizes.first < 700_000, `${sizes.first} bytes`);
    // What is asked anew is the document and whether the page has changed.
    assert.ok(sizes.second < 60_000, `${sizes.second} bytes`);
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
    watched.settle([/frame-ancestors/], [/ERR_BLOCKED_BY_RESPONSE/, /ERR_ABORTED/]);
  });
  await page.context().close();
}
