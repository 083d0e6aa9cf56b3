/** The one error of payment providers: a few whitelisted fields, so that nothing secret reaches a log or a history. */

/**
 * `declined`: the buyer's bank said no. `invalid`: the request is wrong and stays wrong. `conflict`: the request is
 * right, but not in the state things are in. `unavailable`: no answer, or none that tells the outcome.
 * `signature`: a webhook that is not the provider's.
 */
export const PROVIDER_ERROR_KINDS = ['declined', 'invalid', 'conflict', 'unavailable', 'signature'] as const;
export type ProviderErrorKind = (typeof PROVIDER_ERROR_KINDS)[number];

type ProviderErrorFields = {
  kind: ProviderErrorKind;
  /** The provider's own code (`insufficient_funds`), or one of ours where it has none (`connection_error`). */
  code: string;
  retryable: boolean;
  requestId?: string | null;
};

/**
 * `retryable`: the same call with the same key may yet succeed. `unavailable` and not `retryable`: the outcome is
 * unknown and repeating will give the same answer, so the object must be looked up.
 * Never carries the request, the provider's message, headers or a cause.
 */
export class ProviderError extends Error {
  readonly kind: ProviderErrorKind;
  readonly code: string;
  readonly retryable: boolean;
  /** The provider's id of the request, to quote to their support. */
  readonly requestId: string | null;

  constructor({ kind, code, retryable, requestId = null }: ProviderErrorFields) {
    super(`payment provider: ${kind} (${code})`);
    this.name = 'ProviderError';
    this.kind = kind;
    this.code = code;
    this.retryable = retryable;
    this.requestId = requestId;
  }
}
