// Every text in every language, and texts that are measured as the service measures them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Form, answered, startSite, TENANT } from './form.mjs';
import { WatchedPage, check } from './watched.mjs';
import { startService } from './service.mjs';

const WEB = new URL('../../src/web/elements/', import.meta.url);
const LANGUAGES = { de: 'Support anfordern', fr: 'Demander de l’aide', es: 'Solicitar soporte', it: 'Richiedi assistenza', pt: 'Pedir suporte', nl: 'Ondersteuning aanvragen' };
/** Words that are the same in another language. */
const SAME = ['Normal', 'optional', 'Notes'];

/** The texts that stand in the module. */
function english() {
  const source = readFileSync(new URL('request-support.js', WEB), 'utf8');
  const [, table] = /^const ENGLISH = (\{[^]*?^\});/m.exec(source);
  return new Function(`return ${table}`)();
}

export async function formTexts(browser, binary) {
  await check('Every language has every text, with the same places for numbers', () => {
    const places = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
    const texts = english();
    assert.ok(Object.keys(texts).length > 45);
    for (const language of Object.keys(LANGUAGES)) {
      const own = JSON.parse(readFileSync(new URL(`request-support.${language}.json`, WEB), 'utf8'));
      assert.deepEqual(Object.keys(own), Object.keys(texts), language);
      for (const [key, text] of Object.entries(own)) {
        assert.deepEqual(places(text), places(texts[key]), `${language} ${key}`);
        assert.ok(text.trim() === text && text !== '', `${language} ${key}`);
        assert.ok(text !== texts[key] || SAME.includes(text), `${language} ${key} is English: ${text}`);
      }
    }
  });

  await check('Every code of the service has a text of its own, or one of its status', () => {
    const document = JSON.parse(readFileSync(new URL('../../openapi/support-requests.json', import.meta.url), 'utf8'));
    const codes = Object.values(document.components.responses).flatMap(({ content }) =>
      Object.values(content ?? {}).flatMap(({ examples }) => Object.values(examples ?? {}).map(({ value }) => [value.code, value.status])),
    );
    assert.ok(codes.length > 10, 'the document names no codes any more');
    const texts = english();
    const generic = codes.filter(([code]) => !(code in texts)).map(([code]) => code).sort();
    // A person can do nothing about these but tell whoever made the page, and the three of a 503 are one to them.
    assert.deepEqual(generic, [
      'bad_request', 'body_too_large', 'context_unavailable', 'internal_error', 'malformed_json', 'method_not_allowed', 'missing_token',
      'not_ready', 'overloaded', 'request_timeout', 'storage_unavailable', 'unsupported_media_type',
    ]);
    for (const reason of ['attached', 'capability_missing', 'not_requested', 'no_diagnostics', 'diagnostics_unavailable', 'diagnostics_rejected']) {
      assert.ok(reason in texts, reason);
    }
  });

  const site = await startSite();
  const service = await startService(binary, { SUPPORT_REQUESTS_CORS_ORIGINS: site.origin });
  const watched = await WatchedPage.open(browser, [site.origin, service.origin]);
  const { page } = watched;
  const form = new Form(page);

  await check("The page's language is the form's; another one is English", async () => {
    for (const [lang, action] of [...Object.entries(LANGUAGES), ['de-AT', LANGUAGES.de], ['pt-BR', LANGUAGES.pt], ['ja', 'Request support'], ['', 'Request support']]) {
      site.show(service, { lang });
      await page.goto(site.origin);
      await form.trigger.waitFor();
      assert.equal(await form.trigger.innerText(), action, lang);
      watched.settle();
    }
  });

  await check('Where the texts of a language cannot be had, the form is English', async () => {
    site.show(service, { lang: 'fr' });
    await page.route('**/request-support.fr.json', (route) => route.abort());
    await page.goto(site.origin);
    await form.trigger.waitFor();
    assert.equal(await form.trigger.innerText(), 'Request support');
    await page.unrouteAll();
    watched.settle([/ERR_FAILED/]);
  });

  await check('A text is blank, too long or good in the form exactly where it is for the service', async () => {
    site.show(service);
    await page.goto(site.origin);
    await form.open();
    const x = (count) => 'x'.repeat(count);
    const summaries = [
      '', ' ', '\u00a0', '\u200b', '\u3164\u2800', '\ufeff', '\u00ad', '\u0085', '\u2065', '\u{e0041}\u{e007f}', '\u{1d159}', '\ufff9', '\u{13430}',
      '\u0600', '\u070f', '\ufffc', '\u0301', '\ud83d', '\u0000', '\u001b', '\u001b[0m', '\u001b]0;title\u0007', '\u009b1m', '\u009bZitat',
      x(200), x(201), ` ${x(200)} `, '💥'.repeat(200), '💥'.repeat(201), `${x(199)}\ud83d`, `${x(200)}\ud83d`, `\u001b[31m${x(200)}\u001b[0m`,
      `\u001b(B${x(200)}\u001b7`, `\u0085${x(200)}\u0085`, `\ufeff${x(200)}`, `\u200b${x(199)}`, `${x(150)}\u001b]8;;https://a.example\u001b\\${x(50)}\u001b]8;;\u0007`,
      `${x(99)}\t\t\t${x(100)}`, `${x(100)}\t\t${x(100)}`, `${x(100)}\u2028\u2029\t${x(99)}`, `\u001b]${x(198)}`, `\u009b1;${x(200)}`, `${x(200)}\u{1f468}\u200d`,
    ];
    const notes = [x(10000), x(10001), `${x(5000)}\n\n${x(4998)}`, `${x(5000)}\n\n\n${x(4998)}`, `\n\n${x(10000)}\n`, '😀'.repeat(10000), '😀'.repeat(10001)];
    const names = [x(120), x(121), `${x(60)}\t\t${x(59)}`, `${x(60)}\t\t${x(60)}`, ' '];
    const cases = [...summaries.map((text) => ['summary', text]), ...notes.map((text) => ['reproduction_notes', text]), ...names.map((text) => ['contact_name', text])];
    let refused = 0;
    for (const [field, text] of cases) {
      // What a control makes of a value (a one-line one takes line breaks out) is not what is asked here.
      const given = await form.field(field).evaluate((control, text) => ((control.value = text), control.value), text);
      assert.equal(given, text, JSON.stringify(text.slice(0, 40)));
      const verdict = await page.evaluate(
        async ([field, path, token]) => {
          const root = window.form.shadowRoot;
          const original = root.getElementById(field).value;
          for (const name of ['summary', 'reproduction_notes', 'contact_name']) {
            if (name !== field) root.getElementById(name).value = name === 'summary' ? 'good' : '';
          }
          // The form's own word: whether it sends anything. The call is refused at once.
          const plain = window.fetch;
          let formTakes = false;
          window.fetch = async () => {
            formTakes = true;
            return new Response('', { status: 400 });
          };
          root.querySelector('form').requestSubmit();
          const cancel = root.querySelector('[part="cancel"]');
          while (cancel.textContent !== 'Cancel') await new Promise((resolve) => setTimeout(resolve, 1));
          window.fetch = plain;
          const answer = await plain(path, {
            method: 'POST',
            headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
            body: JSON.stringify({ summary: 'good', [field]: original }),
          });
          await answer.text();
          return { formTakes, serviceTakes: answer.status === 201, status: answer.status };
        },
        [field, service.origin + TENANT, service.token],
      );
      const shown = `${field} ${JSON.stringify(text.slice(0, 20))} … (${[...text].length})`;
      assert.ok([201, 422].includes(verdict.status), shown);
      assert.equal(verdict.formTakes, verdict.serviceTakes, shown);
      refused += verdict.serviceTakes ? 0 : 1;
    }
    assert.ok(refused > 15 && refused < cases.length - 15, `${refused} of ${cases.length} were refused`);
    watched.settle([], answered(422));
  });

  await check('The characters are counted aloud near the limit, an emoji as one', async () => {
    await page.goto(site.origin);
    await form.open();
    const count = form.host.locator('#summary-count');
    await form.field('summary').fill('💥'.repeat(100));
    assert.equal(await count.isVisible(), false);
    await form.field('summary').fill(`  ${'💥'.repeat(170)}  `);
    assert.equal(await count.innerText(), '170 of 200 characters');
    await form.field('summary').fill('💥'.repeat(201));
    await form.submit.click();
    assert.equal(await form.fault('summary').innerText(), 'Use at most 200 characters.');
    watched.settle();
  });

  await page.context().close();
  site.close();
  assert.equal(await service.stop(), 0);
}
