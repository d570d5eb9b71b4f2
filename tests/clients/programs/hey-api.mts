// @hey-api/openapi-ts with its defaults: the fetch client.

import { createClient } from './hey-api/client/index.js';
import { createOperationRunSupportRequest, createTenantSupportRequest } from './hey-api/index.js';
import type { SupportRequestInput } from './hey-api/index.js';
import { forEachCall, type Call, type Outcome } from './calls.mjs';

const smallest: SupportRequestInput = { summary: 'x' };
void smallest;

async function send({ base, token, tenant, run, summary, email }: Call): Promise<Outcome> {
  const client = createClient({ baseUrl: base, auth: token });
  const body = { summary, contact_email: email, severity: 'high' as const };
  const path = { workspace: 'acme', tenant };
  const { data, error, response } = run
    ? await createOperationRunSupportRequest({ client, path: { ...path, run }, body })
    : await createTenantSupportRequest({ client, path, body });
  if (data) return { receipt: data };
  // A proxy's page comes as text where a problem was promised.
  const isProblem = response?.headers.get('content-type') === 'application/problem+json';
  return { status: response?.status, problem: isProblem ? error : undefined };
}

await forEachCall(send);
