// <request-support>, the form with which a page asks for support: specs/clients.md. DOM calls and a constructable style
// sheet only, for a strict Content-Security-Policy and Trusted Types.

const LIMITS = { summary: 200, reproduction_notes: 10000, contact_name: 120, contact_email: 254 };
const SEVERITIES = ['low', 'normal', 'high', 'blocking'];
const WAIT_MS = 30000; // the service answers within 10 s

// Other languages are data beside this file and no code, so that its `integrity` covers all code.
const LANGUAGES = ['de', 'fr', 'es', 'it', 'pt', 'nl'];
const ENGLISH = {
  action: 'Request support',
  submit: 'Submit support request',
  submitting: 'Submitting…',
  cancel: 'Cancel',
  stop: 'Stop waiting',
  close: 'Close',
  success: 'Support request submitted',
  reference: 'Reference',
  copy: 'Copy reference',
  copied: 'Copied',
  optional: 'optional',
  severity: 'Severity',
  low: 'Low',
  normal: 'Normal',
  high: 'High',
  blocking: 'Blocking',
  summary: 'Summary',
  summary_hint: 'What happened, in one line.',
  reproduction_notes: 'Notes',
  reproduction_notes_hint: 'Steps, times, error messages. Passwords and keys are taken out.',
  contact_name: 'Contact name',
  contact_email: 'Contact e-mail',
  include_diagnostics: 'Attach diagnostics',
  include_diagnostics_hint:
    'Technical facts behind this page, without secrets. If you may not view them, they are left out.',
  characters: '{count} of {max} characters',
  required: 'Say in one line what happened.',
  blank: 'Say in one line what happened.',
  too_long: 'Use at most {max} characters.',
  invalid_email: 'Enter an address such as name@example.org.',
  invalid_value: 'This is not accepted here.',
  invalid_fields: 'Please correct what is marked.',
  invalid_token: 'Your session has ended. Sign in again.',
  no_token: 'Your sign-in could not be checked. Try again.',
  missing_capability: 'You are not allowed to request support here.',
  not_found: 'This does not exist, or you have no access to it.',
  too_many_requests: 'Too many requests. Wait {seconds} seconds and submit again.',
  unavailable: 'The support service is not available. Try again shortly.',
  failed: 'The support service could not take your request.',
  foreign_answer: 'Something else answered in place of the support service.',
  no_answer: 'No answer arrived.',
  aborted: 'You stopped waiting for the answer.',
  outcome_unknown: 'No certain answer arrived.',
  not_stored: 'Nothing was stored.',
  maybe_stored:
    'Your request may have been stored. Submitting again may make a second one; support can tell by the request ID.',
  request_id: 'Request ID',
  attached: 'Diagnostics are attached.',
  capability_missing: 'Without diagnostics: you may not view them.',
  not_requested: 'Without diagnostics, as you chose.',
  no_diagnostics: 'Without diagnostics: there are none here.',
  diagnostics_unavailable: 'Without diagnostics: they could not be fetched.',
  diagnostics_rejected: 'Without diagnostics: they could not be used.',
  redacted: 'Taken out of your text before it was stored:',
};

// Texts as the service reads them: specs/http.md.
const ESCAPES =
  /\x1B\[[0-?]*[ -/]*[@-~]|\x9B[0-?]+[@-~]|(?:\x1B[PX\]^_]|[\x90\x98\x9D-\x9F])\P{Cc}*(?:\x1B\\|\x9C|\x07)|\x1B[ -/]*[0-~]/gu;
const UNSEEN = /^[\p{White_Space}\p{DI}\u2800\uFFF9-\uFFFB\u{13430}-\u{1343F}\u{16FE4}\u{1D159}]*$/u;

function readText(text, lines) {
  let read = text.replace(/\p{Surrogate}/gu, '\uFFFD').replace(ESCAPES, '');
  read = read.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, '');
  if (!lines) read = read.replace(/[\t\n\r\u2028\u2029]+/g, ' ');
  read = read.replace(/(?![\t\n\r])\p{Cc}/gu, '\uFFFD');
  return UNSEEN.test(read) ? '' : read;
}

// For codes without a text, and for answers of somebody else.
const BY_STATUS = { 201: 'no_answer', 401: 'invalid_token', 429: 'too_many_requests', 503: 'unavailable' };

/** Why there is no receipt; `outcome` says whether the request may be stored all the same. */
export class SupportRequestError extends Error {
  constructor(code, outcome, { cause, ...facts }) {
    super(code, { cause });
    Object.assign(this, { code, outcome, status: 0, problem: null, retryAfter: null, ...facts });
  }
}

/** A UUID, in which `blob:` addresses end; `crypto.randomUUID` is not there without TLS. */
const newRequestId = () => URL.createObjectURL(new Blob()).slice(-36);

function addressOf({ api, workspace, tenant, run }) {
  const valid = [workspace, tenant, run || tenant].every((id) => /^[a-z\d][\w.-]*$/i.test(id ?? ''));
  if (!api || !valid) throw new TypeError('api, workspace and tenant are needed');
  const base = new URL(api, globalThis.document?.baseURI).href.replace(/\/*$/, '');
  return `${base}/workspaces/${workspace}/tenants/${tenant}${run ? `/operation-runs/${run}` : ''}/support-requests`;
}

/** Sends a request and answers its receipt. After a 401 it asks for another token, once, with `refresh: true`. */
export async function submitSupportRequest(scope, body, { getToken, signal, requestId = newRequestId() } = {}) {
  const fail = (code, outcome, facts) => {
    const stopped = signal?.aborted && (signal.reason?.name === 'TimeoutError' ? 'no_answer' : 'aborted');
    throw new SupportRequestError(stopped || code, outcome, { requestId, ...facts });
  };
  for (const refresh of [false, true]) {
    let call, answer;
    let code = 'failed';
    try {
      const url = addressOf(scope);
      code = 'no_token';
      const aborted = new Promise((_, reject) => {
        signal?.throwIfAborted();
        signal?.addEventListener('abort', reject);
      });
      const token = await Promise.race([aborted, (async () => getToken({ refresh }))()]);
      code = 'invalid_token';
      if (!token) throw new TypeError('getToken gave none');
      code = 'failed';
      // Plain, for tracing libraries that wrap `fetch` and add their own.
      const headers = {
        'X-Request-Id': requestId,
        'Content-Type': 'application/json',
        Authorization: `Bearer ${token}`,
      };
      const sent = { method: 'POST', headers, body: JSON.stringify(body), credentials: 'omit', redirect: 'manual' };
      call = [url, { ...sent, signal }];
      new Request(...call);
    } catch (cause) {
      // Nothing was sent, or it was refused.
      fail(code, 'not_stored', { cause });
    }
    try {
      answer = await fetch(...call);
    } catch (cause) {
      fail('no_answer', 'unknown', { cause });
    }
    if (answer.status !== 401 || refresh) return receiptOf(answer, fail);
  }
}

async function receiptOf(answer, fail) {
  const { status, headers } = answer;
  const type = /^application\/(problem\+)?json\b/i.exec(headers.get('Content-Type'));
  const json = type && (await answer.json().catch(() => null));
  if (status === 201 && json?.reference) return json;
  const problem = type?.[1] && json?.code ? json : null;
  // The service promises it of 4xx, 500 and 503, but for one code. A proxy that fails may have passed the request on.
  const sure = problem && problem.code !== 'outcome_unknown' && (status === 500 || status === 503);
  const retryAfter = Number(headers.get('Retry-After')) || null;
  const outcome = sure || (status >= 400 && status < 500) ? 'not_stored' : 'unknown';
  fail(problem?.code ?? BY_STATUS[status] ?? 'foreign_answer', outcome, { status, problem, retryAfter });
}

const STYLE = `
:host {
  --_accent: var(--request-support-accent, light-dark(#2f5bd7, #9db8ff));
  --_on-accent: var(--request-support-on-accent, light-dark(#fff, #0d1733));
  --_surface: var(--request-support-surface, light-dark(#fff, #181c24));
  --_text: var(--request-support-text, light-dark(#1b2130, #e8ebf1));
  --_muted: color-mix(in srgb, var(--_text) 74%, var(--_surface));
  --_border: color-mix(in srgb, var(--_text) 54%, var(--_surface));
  --_danger: var(--request-support-danger, light-dark(#b3261e, #ffa198));
  --_radius: var(--request-support-radius, 8px);
  display: inline-block;
}
:host([inline]) { display: block }
:host([trigger=none]) { display: contents }
:host([hidden]), [hidden], :host([trigger=none]) [part=trigger] { display: none !important }
:empty:not(input, textarea, slot) { display: none }
* { box-sizing: border-box; font: inherit; margin: 0; min-width: 0 }
[part=panel], [part=trigger] { font: 15px/1.45 var(--request-support-font, system-ui, sans-serif); color: var(--_text) }
[part=panel] { width: 100%; max-width: 560px; padding: 0; overflow-wrap: anywhere;
  background: var(--_surface); border: 1px solid var(--_border); border-radius: var(--_radius) }
dialog { margin: auto; max-width: min(560px, 100% - 16px); max-height: calc(100% - 16px); scroll-padding-block: 100px }
dialog::backdrop { background: #0b0f1899 }
.page, .grid, footer { display: grid; gap: 18px }
.page { padding: 20px 22px 0 }
label, .buttons, .choices { display: flex; flex-wrap: wrap; gap: 8px; justify-content: space-between }
h2 { font-size: 1.3em; margin-bottom: -.5em; outline: 0 }
h2, label, legend, strong, button { font-weight: 600; padding: 0 }
small { color: var(--_muted); font-size: .87em; font-weight: 400 }
fieldset { border: 0; padding: 0 }
[part=field] { display: grid; gap: 5px }
.grid { grid-template-columns: repeat(auto-fit, minmax(min(200px, 100%), 1fr)) }
.choices { margin-top: 5px }
[part=choice] { justify-content: start; align-items: center; flex: 1 0 7.9em; min-height: 44px; font-weight: 500 }
.choices label, button, input:not([type]), textarea { min-height: 44px; padding: 8px 11px; color: inherit;
  background: none; border: 1px solid var(--_border); border-radius: var(--_radius) }
[type=radio], [type=checkbox] { width: 18px; height: 18px; accent-color: var(--_accent) }
button { min-width: 44px; padding-inline: 16px }
[part=submit] { color: var(--_on-accent); background: var(--_accent); border-color: var(--_accent) }
.choices :has(:checked) { border-color: var(--_accent) !important; box-shadow: inset 0 0 0 1px var(--_accent) }
[aria-invalid] { border-color: var(--_danger) !important }
:focus-visible { outline: 3px solid var(--_accent); outline-offset: 2px }
footer { background: var(--_surface); padding-block: 12px 20px }
dialog footer { position: sticky; bottom: 0 }
.buttons { justify-content: end }
@media (width < 480px) { .buttons > * { flex: auto } }
[part=fault] { color: var(--_danger) }
[role=alert] { border-inline-start: 4px solid var(--_danger); padding-inline-start: 12px }
code { font-family: monospace; user-select: all }
[role=status] { position: absolute; clip-path: inset(50%) }
`;
let sheet;
const languages = { en: ENGLISH };

/** The texts of a language; English where they cannot be had. */
function textsOf(language) {
  const file = new URL(`request-support.${language}.json`, import.meta.url);
  return (languages[language] ??= fetch(file, { signal: AbortSignal.timeout(4000) })
    .then((answer) => answer.json())
    .catch(() => ENGLISH));
}

/** An element; functions are listeners, texts and `true` are attributes. */
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter(Boolean));
  return element;
}

// On a server there is no HTMLElement.
class RequestSupport extends (globalThis.HTMLElement ?? Object) {
  static observedAttributes = ['api', 'workspace', 'tenant', 'run'];
  #root; #texts; #trigger; #panel; #form; #status; #alert; #cancel; #submit; #fields; #requestId; #call;

  constructor() {
    super();
    if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(STYLE);
    this.#root = this.attachShadow({ mode: 'open' });
    this.#root.adoptedStyleSheets = [sheet];
  }

  async connectedCallback() {
    await this.#load();
    if (this.#trigger || (this.#inline && this.#panel)) return;
    if (this.#inline) return this.#build();
    this.#trigger = this.#button('action', null, 'trigger');
    this.#root.prepend(make('slot', { name: 'trigger', click: () => this.open() }, this.#trigger));
  }

  disconnectedCallback() {
    this.close();
  }

  /** What was written about one tenant is never sent about another. */
  attributeChangedCallback(_, before, now) {
    if (this.#panel && before !== now) this.#discard();
  }

  /** Opens the dialog, with what was written before. */
  async open() {
    await this.#load();
    if (!this.#panel) this.#build();
    if (this.#panel.open !== false || !this.isConnected) return;
    this.#panel.showModal();
    this.#emit('open');
  }

  close() {
    this.#panel?.close?.();
  }

  get #inline() {
    return this.hasAttribute('inline');
  }

  async #load() {
    const { lang } = this.closest('[lang]') ?? document.documentElement;
    const language = lang.slice(0, 2).toLowerCase();
    this.#texts = await textsOf(LANGUAGES.includes(language) ? language : 'en');
    this.#trigger?.replaceChildren(this.#text('action'));
  }

  #text(code, values) {
    const text = this.messages?.[code] ?? this.#texts[code] ?? ENGLISH[code] ?? '';
    return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(`request-support:${name}`, { detail, bubbles: true, composed: true }));
  }

  #button(text, click, part = text) {
    return make('button', { part, type: 'button', click }, this.#text(text));
  }

  /** The form or the receipt. */
  #page(tag, attributes, title, ...children) {
    const heading = make('h2', { id: 'title', part: 'heading', tabindex: '-1' }, this.#text(title));
    return make(tag, { class: 'page', ...attributes }, heading, make('slot', { name: 'context' }), ...children);
  }

  #build() {
    this.#fields = {};
    this.#requestId = newRequestId();
    const contact = { contact_name: this.contact?.name, contact_email: this.contact?.email };
    const given = { severity: 'normal', include_diagnostics: true, ...contact, ...this.defaults };
    const field = (name, tag, attributes) => this.#field(name, make(tag, { id: name, ...attributes }), given[name]);
    this.#alert = make('div', { role: 'alert', part: 'error' });
    this.#status = make('p', { role: 'status' });
    this.#cancel = this.#button('cancel', () => this.#leave());
    this.#submit = make('button', { part: 'submit' });
    this.#form = this.#page(
      'form',
      { part: 'form', novalidate: true, submit: (event) => (event.preventDefault(), this.#send()) },
      'action',
      field('summary', 'input', { autofocus: !this.#inline, 'aria-required': 'true' }),
      this.#severity(given.severity),
      field('reproduction_notes', 'textarea', { rows: '5' }),
      make(
        'div',
        { class: 'grid' },
        field('contact_name', 'input', { autocomplete: 'name' }),
        field('contact_email', 'input', { autocomplete: 'email', inputmode: 'email' }),
      ),
      this.#diagnostics(given.include_diagnostics),
      make('footer', {}, this.#alert, make('div', { class: 'buttons' }, this.#cancel, this.#submit)),
    );
    // Escape does what the button does.
    const cancel = (event) => (event.preventDefault(), this.#leave());
    const panel = { part: 'panel', 'aria-labelledby': 'title', cancel, close: () => this.#closed() };
    this.#panel = make(this.#inline ? 'section' : 'dialog', panel, this.#form, this.#status);
    this.#root.append(this.#panel);
    this.#busy(false);
  }

  /** A control with its hint and the place of its fault. */
  #place(name, control, label, ...children) {
    const hint = make('small', { id: `${name}-hint` }, this.#text(`${name}_hint`));
    const fault = make('span', { id: `${name}-fault`, part: 'fault' });
    control.setAttribute('aria-describedby', `${name}-hint ${name}-count ${name}-fault`);
    control.addEventListener('input', () => this.#mark(name, ''));
    this.#fields[name] = { control, fault };
    return make('div', { part: 'field' }, label, hint, ...children, fault);
  }

  #field(name, control, value) {
    const max = LIMITS[name];
    const count = make('small', { id: `${name}-count` });
    control.value = value ?? '';
    control.addEventListener('input', () => {
      const { length } = [...this.#read(name)];
      count.textContent = length > max * 0.8 ? this.#text('characters', { count: length, max }) : '';
    });
    const optional = name !== 'summary' && make('small', {}, ` ${this.#text('optional')}`);
    return this.#place(name, control, make('label', { for: name }, this.#text(name), optional), control, count);
  }

  #option(type, name, value, checked, text) {
    const input = make('input', { type, name, value, id: type === 'checkbox' && name });
    input.checked = checked;
    return make('label', { part: 'choice' }, input, this.#text(text));
  }

  #severity(chosen) {
    const choices = SEVERITIES.map((value) => this.#option('radio', 'severity', value, value === chosen, value));
    const legend = make('legend', {}, this.#text('severity'));
    const group = make('fieldset', {}, legend, make('div', { class: 'choices' }, ...choices));
    return this.#place('severity', group, group);
  }

  #diagnostics(chosen) {
    const name = 'include_diagnostics';
    const ask = this.getAttribute('include-diagnostics');
    const option = this.#option('checkbox', name, '', ask === 'always' || (ask !== 'never' && chosen), name);
    option.hidden = ask === 'always';
    const place = this.#place(name, option.firstChild, option);
    place.hidden = ask === 'never';
    return place;
  }

  #read(name) {
    return readText(this.#fields[name].control.value, name === 'reproduction_notes');
  }

  #mark(name, text) {
    const { control, fault } = this.#fields[name];
    fault.textContent = text;
    control.ariaInvalid = text ? 'true' : null;
  }

  /** Shows each fault at its field, and goes to the first. */
  #blame(faults) {
    let first;
    for (const [name, { control }] of Object.entries(this.#fields)) {
      const fault = faults.find(({ pointer }) => pointer === `/${name}`);
      this.#mark(name, fault ? this.#text(fault.code, { max: LIMITS[name] }) || this.#text('invalid_value') : '');
      if (fault) first ??= control.querySelector('input') ?? control;
    }
    first?.focus();
    this.#status.textContent = first ? this.#text('invalid_fields') : '';
    return first;
  }

  #busy(busy) {
    this.#submit.textContent = this.#text(busy ? 'submitting' : 'submit');
    this.#submit.ariaDisabled = busy ? 'true' : null;
    this.#cancel.textContent = this.#text(busy ? 'stop' : 'cancel');
    this.#cancel.hidden = this.#inline && !busy;
    this.#status.textContent = busy ? this.#submit.textContent : '';
  }

  async #send() {
    // A second click finds the first call under way.
    if (this.#call) return;
    const { severity, include_diagnostics } = this.#form.elements;
    const body = { severity: severity.value, include_diagnostics: include_diagnostics.checked };
    const faults = [];
    for (const [name, max] of Object.entries(LIMITS)) {
      const text = this.#read(name);
      if (text) body[name] = text;
      // In Unicode scalar values.
      if ([...text].length > max) faults.push({ pointer: `/${name}`, code: 'too_long' });
    }
    if (!body.summary) faults.push({ pointer: '/summary', code: 'required' });
    this.#alert.replaceChildren();
    if (this.#blame(faults)) return;

    const call = (this.#call = new AbortController());
    const late = setTimeout(() => call.abort(new DOMException('', 'TimeoutError')), WAIT_MS);
    const requestId = this.#requestId;
    const scope = Object.fromEntries(RequestSupport.observedAttributes.map((name) => [name, this.getAttribute(name)]));
    this.#busy(true);
    this.#emit('submit', { body, requestId });
    const options = { getToken: (asked) => this.getToken(asked), signal: call.signal, requestId };
    const answer = await submitSupportRequest(scope, body, options).catch((error) => error);
    clearTimeout(late);
    const failed = answer instanceof Error;
    // Of another scope there is another form by now.
    if (this.#call === call) {
      this.#call = null;
      this.#busy(false);
      if (failed) this.#fail(answer);
      else this.#succeed(answer);
    }
    this.#emit(failed ? 'error' : 'success', answer);
  }

  #fail({ code, outcome, status, problem, requestId, retryAfter }) {
    if (this.#blame(problem?.errors ?? [])) return;
    this.#alert.append(
      make('strong', {}, this.#text(code, { seconds: retryAfter ?? 60 }) || this.#text(BY_STATUS[status] ?? 'failed')),
      make('p', {}, this.#text(outcome === 'unknown' ? 'maybe_stored' : 'not_stored')),
      make('p', {}, `${this.#text('request_id')} `, make('code', {}, requestId)),
    );
  }

  #succeed({ reference, attachment, redactions }) {
    const code = make('code', { part: 'reference' }, reference);
    const copied = () => (this.#status.textContent = copy.textContent = this.#text('copied'));
    const copy = this.#button('copy', () => {
      // To be copied by hand: without TLS the clipboard is closed.
      getSelection().selectAllChildren(code);
      navigator.clipboard?.writeText(reference).then(copied, () => {});
    });
    const done = this.#button(this.#inline ? 'action' : 'close', () => this.#discard());
    const taken = redactions.map(({ pointer, rule, count }) =>
      make('li', {}, `${this.#text(pointer.slice(1))}: `, make('code', {}, rule), ` × ${count}`),
    );
    const receipt = this.#page(
      'div',
      { part: 'receipt' },
      'success',
      make('p', {}, `${this.#text('reference')} `, code),
      make('p', {}, this.#text(attachment.reason)),
      taken[0] && make('div', {}, this.#text('redacted'), make('ul', {}, ...taken)),
      make('footer', {}, make('div', { class: 'buttons' }, copy, done)),
    );
    this.#form.replaceWith(receipt);
    receipt.querySelector('h2').focus();
    this.#status.textContent = `${this.#text('success')}. ${this.#text('reference')} ${reference}`;
  }

  #leave() {
    if (this.#call) this.#call.abort();
    else this.close();
  }

  #closed() {
    if (this.#panel && !this.#form.isConnected) this.#discard();
    this.#emit('close');
  }

  #discard() {
    this.close();
    this.#panel.remove();
    this.#panel = this.#call = null;
    if (this.#inline) this.#build();
  }
}
const registry = globalThis.customElements;
if (registry && !registry.get('request-support')) registry.define('request-support', RequestSupport);
