
// What a page's browser does around the lines above: the backend's cookie, the page's own origin.
import assert from 'node:assert/strict';

const { PLATFORM, SERVICE: service } = process.env;
globalThis.SERVICE = service;
const platform = (path, headers = {}) => send(PLATFORM + path, { method: 'POST', headers });
const send = globalThis.fetch;

const anonymous = await platform('/support-token');
assert.equal(anonymous.status, 401, 'nobody is signed in');
const [cookie] = (await platform('/sign-in')).headers.getSetCookie();
assert.match(cookie, /HttpOnly/i);
assert.match(cookie, /SameSite=Lax/i);
const session = { Cookie: cookie.split(';')[0] };
const elsewhere = await platform('/support-token', { ...session, 'Sec-Fetch-Site': 'cross-site' });
assert.equal(elsewhere.status, 403, 'a page of another origin gets no token');
const own = await platform('/support-token', { ...session, 'Sec-Fetch-Site': 'same-origin' });
assert.equal(own.headers.get('Cache-Control'), 'no-store');
assert.equal((await own.json()).expires_in, 600);

globalThis.fetch = (url, options) => (url === '/support-token' ? platform(url, session) : send(url, options));
assert.match(await requestSupport('Policies are not synchronised', 'high'), /^SR-/);
await assert.rejects(requestSupport(' ', 'urgent'), (error) => {
  assert.match(error.message, /\n\/summary: /);
  assert.match(error.message, /\n\/severity: /);
  return true;
});
globalThis.fetch = (url, options) =>
  url === '/support-token' ? platform(url, session) : new Response('<h1>502</h1>', { status: 502, headers: { 'Content-Type': 'text/html' } });
await assert.rejects(requestSupport('It fails'), /A proxy failed/);
