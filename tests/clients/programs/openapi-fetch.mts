// openapi-typescript and openapi-fetch. Whatever is not typed as it should be does not compile.

import createClient from 'openapi-fetch';
import type { components, paths } from './openapi-fetch/schema.js';
import { forEachCall, type Call, type Outcome } from './calls.mjs';

type Problem = components['schemas']['Problem'];

// The smallest request: nothing else is mandatory.
const smallest: components['schemas']['SupportRequestInput'] = { summary: 'x' };
void smallest;
// @ts-expect-error The compiler knows the severities.
const unknown: components['schemas']['SupportRequestInput'] = { summary: 'x', severity: 'urgent' };
void unknown;

async function send({ base, token, tenant, run, summary, email }: Call): Promise<Outcome> {
  const client = createClient<paths>({ baseUrl: base, headers: { Authorization: `Bearer ${token}` } });
  const body = { summary, contact_email: email, severity: 'high' as const };
  const path = { workspace: 'acme', tenant };
  const { data, error, response } = run
    ? await client.POST('/workspaces/{workspace}/tenants/{tenant}/operation-runs/{run}/support-requests', { params: { path: { ...path, run } }, body })
    : await client.POST('/workspaces/{workspace}/tenants/{tenant}/support-requests', { params: { path }, body });
  if (data) return { receipt: data };
  // A proxy's page comes as text where a problem was promised.
  const problem: Problem | undefined = response.headers.get('content-type') === 'application/problem+json' ? error : undefined;
  return { status: response.status, problem };
}

await forEachCall(send);
