// Files a request of both kinds with the generated client. Whatever is not typed as it should be does not compile.

import createClient from 'openapi-fetch';
import type { components, paths } from './schema.js';

declare const process: { env: Record<string, string | undefined> };

const { SERVICE = '', TOKEN = '' } = process.env;
const client = createClient<paths>({ baseUrl: SERVICE, headers: { Authorization: `Bearer ${TOKEN}` } });

function holds(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what);
}

const tenant = await client.POST('/workspaces/{workspace}/tenants/{tenant}/support-requests', {
  params: { path: { workspace: 'acme', tenant: 'contoso' } },
  body: { summary: 'Filed by the TypeScript client' },
});
holds(tenant.data !== undefined, JSON.stringify(tenant.error));
const reference: string = tenant.data.reference;
holds(reference.startsWith('SR-'), reference);
holds(tenant.data.severity === 'normal', 'the default severity');

const run = await client.POST('/workspaces/{workspace}/tenants/{tenant}/operation-runs/{run}/support-requests', {
  params: { path: { workspace: 'acme', tenant: 'contoso', run: 'run-1042' } },
  body: { summary: 'Filed by the TypeScript client', severity: 'blocking', include_diagnostics: false },
});
holds(run.data !== undefined, JSON.stringify(run.error));
holds(run.data.attachment.reason === 'not_requested', run.data.attachment.reason);
holds(run.data.reference !== reference, 'a fresh reference');

const refused = await client.POST('/workspaces/{workspace}/tenants/{tenant}/support-requests', {
  params: { path: { workspace: 'acme', tenant: 'contoso' } },
  // @ts-expect-error The compiler knows the severities.
  body: { summary: ' ', severity: 'urgent' },
});
holds(refused.error !== undefined, 'the service knows the severities too');
const problem: components['schemas']['Problem'] = refused.error;
const code: string = problem.code;
holds(code === 'invalid_fields', code);
holds(problem.errors.map((error) => error.pointer).sort().join() === '/severity,/summary', JSON.stringify(problem.errors));
// @ts-expect-error A problem has no such member.
void problem.colour;

const health = await client.GET('/readyz');
holds(health.data?.status === 'ok', 'ready');
