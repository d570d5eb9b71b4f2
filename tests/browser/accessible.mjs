// axe-core on a page, shadow trees included. https://github.com/dequelabs/axe-core/blob/develop/doc/rule-descriptions.md

import assert from 'node:assert/strict';

/** What fails on a page that has findings; every rule but those that are marked experimental. */
export function accessibleWith(source) {
  return async (page, where) => {
    if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source);
    const { violations, passes } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations', 'passes'] }));
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target.flat()} ${failureSummary}`)}`);
    assert.deepEqual(found, [], where);
    assert.ok(passes.length > 15, `axe looked at nothing: ${where}`);
  };
}
