/** Types of `request-support.js`. `specs/clients.md` of the service explains them. */

/** What a request is about. */
export interface SupportRequestScope {
  /** Where the service is, path prefix included: absolute, or relative to the page. */
  api: string;
  workspace: string;
  tenant: string;
  /** Without one the request is about the tenant. */
  run?: string | null;
}

export type Severity = 'low' | 'normal' | 'high' | 'blocking';

/** What the service takes. */
export interface SupportRequestBody {
  summary: string;
  severity?: Severity;
  reproduction_notes?: string;
  contact_name?: string;
  contact_email?: string;
  include_diagnostics?: boolean;
}

/** What the service answers. Later versions may add members and values. */
export interface SupportRequestReceipt {
  reference: string;
  created_at: string;
  severity: string;
  primary_context: { type: string; id: string };
  attachment: { mode: string; reason: string };
  redactions: { pointer: string; rule: string; count: number }[];
  record_digest: string;
}

/** A problem of the service (RFC 9457). */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  request_id: string;
  errors: { pointer: string; code: string; detail: string }[];
}

/** Answers the person's token. Called again, with `refresh: true`, after a 401. */
export type GetToken = (asked: { refresh: boolean }) => string | Promise<string>;

/** Why there is no receipt. */
export class SupportRequestError extends Error {
  /**
   * The problem's code, or `aborted`, `no_answer`, `foreign_answer`, `no_token` (`getToken` failed), `invalid_token` (it gave
   * none), `failed` (nothing was sent).
   */
  readonly code: string;
  /** `unknown`: the request may be stored. */
  readonly outcome: 'not_stored' | 'unknown';
  /** Of the answer; 0 where none came. */
  readonly status: number;
  /** Only ever the service's own. */
  readonly problem: Problem | null;
  /** Pass it again when the request is sent again. */
  readonly requestId: string;
  /** Seconds to wait. */
  readonly retryAfter: number | null;
}

/** Sends a request. Rejects with a `SupportRequestError`, whatever goes wrong. */
export function submitSupportRequest(
  scope: SupportRequestScope,
  body: SupportRequestBody,
  options: { getToken: GetToken; signal?: AbortSignal; requestId?: string },
): Promise<SupportRequestReceipt>;

/** `<request-support api workspace tenant run include-diagnostics inline trigger>` */
export interface RequestSupportElement extends HTMLElement {
  getToken: GetToken;
  contact?: { name?: string; email?: string };
  /** What the form begins with. */
  defaults?: Partial<SupportRequestBody>;
  /** Texts in place of the element's own, by their key or by a code of the service. */
  messages?: Record<string, string>;
  open(): Promise<void>;
  close(): void;
}

export interface RequestSupportEvents {
  'request-support:open': CustomEvent<null>;
  'request-support:submit': CustomEvent<{ body: SupportRequestBody; requestId: string }>;
  'request-support:success': CustomEvent<SupportRequestReceipt>;
  'request-support:error': CustomEvent<SupportRequestError>;
  'request-support:close': CustomEvent<null>;
}

declare global {
  interface HTMLElementTagNameMap {
    'request-support': RequestSupportElement;
  }
  interface HTMLElementEventMap extends RequestSupportEvents {}
}
