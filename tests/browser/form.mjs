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

/** A site of its own origin, as the platform's is. Its one page has the form and a way to a token; its script is a file. */
export async function startSite() {
  let page = {};
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html; charset=utf-8');
    if (page.policy) response.setHeader('Content-Security-Policy', page.policy);
    response.end(isScript ? page.script : page.html);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    /** What the page is from now on. */
    show(service, { attributes = '', script = '', policy, lang = 'en', module, inside = '', api = service.origin } = {}) {
      const source = module ?? `<script type="module" src="${service.origin}/elements/request-support.js"></script>`;
      page = { policy, html: html({ lang, source, api, attributes, inside }), script: code(service.token) + script };
    },
    close: () => server.close(),
  };
}

const html = ({ lang, source, api, attributes, inside }) => `<!doctype html><html lang="${lang}"><head><meta charset="utf-8">
  <title>An admin page</title><link rel="icon" href="data:,"><meta name="viewport" content="width=device-width, initial-scale=1">
  ${source}<script type="module" src="/page.js"></script></head><body><main><h1>Contoso</h1>
  <request-support api="${api}" workspace="acme" tenant="contoso" ${attributes}>${inside}</request-support></main></body></html>`;

/** Tokens are handed out in their order, the last one for ever; `asked` and `events` say what the form did. */
const code = (token) => `const form = document.querySelector('request-support');
  Object.assign(window, { form, asked: [], events: [], tokens: [${JSON.stringify(token)}] });
  form.getToken = ({ refresh }) => {
    asked.push(refresh);
    return tokens.length > 1 ? tokens.shift() : tokens[0];
  };
  for (const name of ['open', 'submit', 'success', 'error', 'close'])
    document.addEventListener('request-support:' + name, (event) => {
      if (!event.composed) throw new Error('the event stays inside');
      events.push([name, event.detail?.reference ?? event.detail?.outcome ?? event.detail?.requestId ?? null]);
    });
`;
