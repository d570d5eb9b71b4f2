// oidc-provider, a certified OpenID provider, as a platform would set it up for this service: clients get access tokens as
// JWTs, with the grants in a namespaced claim.

import { createRequire } from 'node:module';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath, pathToFileURL } from 'node:url';

// npm's folder is under target/, so that the checkout stays clean.
const tools = createRequire(fileURLToPath(new URL('../../target/tools/issuer/', import.meta.url)));
const { Provider } = await import(pathToFileURL(tools.resolve('oidc-provider')));

export const CLAIM = 'https://platform.example/claims/workspaces';
export const AUDIENCE = 'support-requests';
const RESOURCE = 'https://support-requests.example';
const CLIENT = { client_id: 'platform', client_secret: 'a-secret-of-this-test' };

/** A private key as a JWK. */
export function newKey(kid, alg) {
  const { privateKey } = alg === 'RS256' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), kid, alg, use: 'sig' };
}

/** Starts the provider on `port` (0: a free one) with these keys; the first of them signs. */
export async function startProvider(port, keys) {
  let application;
  const { createServer } = await import('node:http');
  const server = createServer((request, response) => application(request, response)).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    jwks: { keys },
    // It gets no ID tokens; the provider checks at each request that it could sign them.
    clients: [{ ...CLIENT, grant_types: ['client_credentials'], redirect_uris: [], response_types: [], id_token_signed_response_alg: keys[0].alg }],
    ttl: { ClientCredentials: 600 },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: 'support', audience: AUDIENCE, accessTokenTTL: 600, accessTokenFormat: 'jwt', jwt: { sign: { alg: keys[0].alg } },
        }),
      },
    },
    extraTokenClaims: () => ({ [CLAIM]: { acme: { tenants: { contoso: ['support_requests.create', 'support_diagnostics.view'] } } } }),
  });
  application = provider.callback();
  return {
    issuer,
    port: server.address().port,
    /** An access token, by the client credentials grant (RFC 6749 section 4.4, RFC 8707). */
    async token() {
      const form = new URLSearchParams({ grant_type: 'client_credentials', resource: RESOURCE, scope: 'support' });
      const basic = Buffer.from(`${CLIENT.client_id}:${CLIENT.client_secret}`).toString('base64');
      const answer = await fetch(`${issuer}/token`, { method: 'POST', body: form, headers: { authorization: `Basic ${basic}` } });
      const said = await answer.json();
      if (!said.access_token) throw new Error(`no token: ${JSON.stringify(said)}`);
      return said.access_token;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
