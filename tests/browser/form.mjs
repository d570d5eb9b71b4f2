// The form as a person uses it, and what several tests of it need.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';

export const REFERENCE = /SR-[0-7][0-9A-HJKMNP-TV-Z]{25}/;
export const TENANT = '/workspaces/acme/tenants/contoso/support-requests';

/** Under which the form has to work (issue of the strictest pages). */
export const strictPolicy = (service) =>
  `default-src 'none'; script-src 'self' ${service}; style-src 'self'; img-src data:; connect-src 'self' ${service}; ` +
  "require-trusted-types-for 'script'; trusted-types 'none'; base-uri 'none'; form-action 'none'";

/** What a blocked or broken call leaves in the console. */
export const LOST = [/^failed request: .*net::ERR_/, /^console error: .*(net::ERR_|blocked by CORS policy)/];
export const answered = (status) => [new RegExp(`^answer ${status}: `), new RegExp(`^console error: Failed to load resource.* ${status} `)];

export class Form {
  constructor(page, host = 'request-support') {
    this.page = page;
    this.host = page.locator(host);
    const part = (name) => this.host.locator(`[part="${name}"]`);
    Object.assign(this, { panel: part('panel'), trigger: part('trigger'), submit: part('submit'), cancel: part('cancel') });
    Object.assign(this, { error: part('error'), receipt: part('receipt'), reference: part('reference'), copy: part('copy') });
    this.status = this.host.getByRole('status');
  }

  field(name) {
    return this.host.locator(`#${name}`);
  }

  fault(name) {
    return this.host.locator(`#${name}-fault`);
  }

  async open() {
    await this.trigger.click();
    await this.panel.waitFor();
  }

  async send(summary, severity) {
    await this.field('summary').fill(summary);
    if (severity) await this.host.getByRole('radio', { name: severity }).check();
    await this.submit.click();
  }

  /** The reference of a request that was stored. */
  async submitted() {
    await this.receipt.waitFor();
    const text = await this.reference.innerText();
    assert.match(text, REFERENCE);
    return text;
  }

  /** The words about a call that brought no receipt. */
  async failed() {
    await this.error.locator('strong').waitFor();
    return this.error.innerText();
  }

  requestId() {
    return this.error.locator('code').innerText();
  }
}

/** A page of its own origin, with the form and a way to a token; its script is a file, as a strict policy wants it. */
export async function startPage(service, { attributes = '', script = '', policy, lang = 'en', module, inside = '' } = {}) {
  let html = '';
  let code = '';
  const server = createServer((request, response) => {
    const header = (name, value) => value && response.setHeader(name, value);
    if (request.url === '/page.js') {
      header('Content-Type', 'text/javascript');
      return response.end(code);
    }
    header('Content-Type', 'text/html; charset=utf-8');
    header('Content-Security-Policy', policy);
    response.end(html);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const source = module ?? `<script type="module" src="${service.origin}/elements/request-support.js"></script>`;
  html = `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><title>An admin page</title><link rel="icon" href="data:,">
    <meta name="viewport" content="width=device-width, initial-scale=1">${source}<script type="module" src="/page.js"></script></head>
    <body><main><h1>Contoso</h1><request-support api="${service.origin}" workspace="acme" tenant="contoso" ${attributes}>${inside}</request-support></main></body></html>`;
  code = `const form = document.querySelector('request-support');
    window.asked = []; window.events = []; window.tokens = [${JSON.stringify(service.token)}];
    form.getToken = ({ refresh }) => { window.asked.push(refresh); return window.tokens.length > 1 ? window.tokens.shift() : window.tokens[0]; };
    for (const name of ['open', 'submit', 'success', 'error', 'close'])
      document.addEventListener('request-support:' + name, (event) => window.events.push([name, event.composed, event.detail?.reference ?? event.detail?.outcome ?? null]));
    ${script}`;
  return { origin: `http://127.0.0.1:${server.address().port}`, port: server.address().port, close: () => server.close() };
}
