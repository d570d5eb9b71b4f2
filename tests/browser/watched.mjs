// A browser page of which everything that goes wrong is written down.

/** Collects console errors, page errors, failed requests and requests to anybody else, until `settle` reads them. */
export class WatchedPage {
  static async open(browser, allowedOrigins, options = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    return new WatchedPage(page, allowedOrigins);
  }

  constructor(page, allowedOrigins) {
    this.page = page;
    this.requests = [];
    this.problems = [];
    page.on('request', (request) => {
      const url = new URL(request.url());
      this.requests.push(`${request.method()} ${request.url()}`);
      const inside = url.protocol === 'data:' || url.protocol === 'blob:' || allowedOrigins.includes(url.origin);
      if (!inside) this.problems.push(`outside request: ${request.method()} ${request.url()}`);
    });
    page.on('requestfailed', (r) => this.problems.push(`failed request: ${r.url()} ${r.failure()?.errorText}`));
    page.on('response', (r) => {
      if (r.status() >= 400) this.problems.push(`answer ${r.status()}: ${r.url()}`);
    });
    page.on('console', (message) => {
      if (message.type() === 'error') this.problems.push(`console error: ${message.text()} ${message.location().url}`);
    });
    page.on('pageerror', (error) => this.problems.push(`page error: ${error.stack ?? error}`));
  }

  /** Fails on what went wrong since the last call, but for what `expected` matches (must be there) or `possible` (may be). */
  settle(expected = [], possible = []) {
    const problems = this.problems.splice(0);
    for (const pattern of expected) {
      if (!problems.some((problem) => pattern.test(problem))) throw new Error(`expected, but did not happen: ${pattern}`);
    }
    const others = problems.filter((problem) => ![...expected, ...possible].some((pattern) => pattern.test(problem)));
    if (others.length > 0) throw new Error(others.join('\n'));
  }
}

let passed = 0;
const failed = [];

/** One line a check; a failing one does not stop the next. */
export async function check(sentence, body) {
  try {
    await body();
    passed += 1;
    console.log(`ok    ${sentence}`);
  } catch (error) {
    failed.push(sentence);
    console.log(`FAIL  ${sentence}\n      ${String(error?.stack ?? error).replaceAll('\n', '\n      ')}`);
  }
}

export function close() {
  console.log(`browser: ${passed} passed, ${failed.length} failed`);
  return failed.length === 0 && passed > 0;
}
