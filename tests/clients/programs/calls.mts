// The calls to make, one a line of standard input, and what became of each, one a line of standard output.

import { readFileSync } from 'node:fs';

export interface Call { base: string; token: string; tenant: string; run: string; summary: string; email: string }
interface Receipt { reference: string; primary_context: { type: string; id: string }; attachment: { reason: string } }
interface Problem { status: number; code: string; errors: { pointer: string }[] }
export interface Outcome { receipt?: Receipt; status?: number | undefined; problem?: Problem | undefined }

function told({ receipt, status, problem }: Outcome): (string | number)[] {
  if (receipt) return [201, `${receipt.reference} ${receipt.primary_context.type} ${receipt.primary_context.id} ${receipt.attachment.reason}`];
  if (!problem) return [status ?? '-', 'no problem'];
  return [problem.status, [problem.code, ...problem.errors.map(({ pointer }) => pointer).sort()].join(' ')];
}

export async function forEachCall(send: (call: Call) => Promise<Outcome>): Promise<void> {
  for (const line of readFileSync(0, 'utf8').trimEnd().split('\n')) {
    const [step = '', base = '', token = '', tenant = '', run = '', summary = '', email = ''] = line.split('\t');
    console.log([step, ...told(await send({ base, token, tenant, run, summary, email }))].join('\t'));
  }
}
