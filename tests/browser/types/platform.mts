// A platform's page, as TypeScript sees it. It is compiled, never run.

import {
  SupportRequestError,
  submitSupportRequest,
  type SupportRequestReceipt,
} from '../../../src/web/elements/request-support.js';

const form = document.querySelector('request-support');
if (form) {
  form.getToken = async ({ refresh }) => (refresh ? 'fresh' : 'kept');
  form.contact = { name: 'Ada Fischer' };
  form.defaults = { severity: 'high' };
  form.messages = { success: 'We have it' };
  form.addEventListener('request-support:success', ({ detail }) => show(detail));
  form.addEventListener('request-support:error', ({ detail }) => console.log(detail.outcome, detail.problem?.code));
  void form.open();
  // @ts-expect-error: there is no such severity.
  form.defaults = { severity: 'urgent' };
}

function show(receipt: SupportRequestReceipt): void {
  console.log(receipt.reference, receipt.attachment.reason, receipt.redactions.length);
}

export async function ask(signal: AbortSignal): Promise<string> {
  const scope = { api: '/support', workspace: 'acme', tenant: 'contoso' };
  try {
    return (await submitSupportRequest(scope, { summary: 'It fails' }, { getToken: () => 'token', signal })).reference;
  } catch (error) {
    if (error instanceof SupportRequestError && error.outcome === 'unknown') return error.requestId;
    throw error;
  }
}

// @ts-expect-error: a summary is required.
void submitSupportRequest({ api: '/', workspace: 'acme', tenant: 'contoso' }, {}, { getToken: () => '' });
