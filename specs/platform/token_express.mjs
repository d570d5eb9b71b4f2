// Where the platform's pages get their token for this service: POST /support-token, in Express with cookie sessions.
// PORT=3000 SESSION_SECRET=… node token_express.mjs
import { createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import express from 'express';
import session from 'express-session';

const key = createPrivateKey(readFileSync(process.env.PLATFORM_KEY ?? 'platform-key.pem'));
const LIFETIME = 600;

function token(claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const unsigned = `${part({ alg: 'RS256', kid: '2031-05', typ: 'at+jwt' })}.${part(claims)}`;
  return `${unsigned}.${sign('sha256', Buffer.from(unsigned), key).toString('base64url')}`;
}

const app = express();
const cookie = { httpOnly: true, sameSite: 'lax', secure: process.env.NODE_ENV === 'production' };
app.use(session({ secret: process.env.SESSION_SECRET, resave: false, saveUninitialized: false, cookie }));

// Your own way of signing in. The grants are what your tables say now, not what they said then.
app.post('/sign-in', (req, res) => {
  req.session.user = { id: 'u-17', name: 'Ada Fischer' };
  res.sendStatus(204);
});
const workspacesOf = () => ({ acme: { tenants: { contoso: ['support_requests.create', 'support_diagnostics.view'] } } });

app.post('/support-token', (req, res) => {
  // A page of another origin could send the cookie along. Every browser of today says where a request comes from.
  if (!['same-origin', undefined].includes(req.get('sec-fetch-site'))) return res.sendStatus(403);
  const { user } = req.session;
  if (!user) return res.sendStatus(401);
  const claims = { iss: 'https://platform.example', aud: 'support-requests', sub: user.id, name: user.name };
  const exp = Math.floor(Date.now() / 1000) + LIFETIME;
  res.set('Cache-Control', 'no-store').json({ token: token({ ...claims, exp, workspaces: workspacesOf(user) }), expires_in: LIFETIME });
});

app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
