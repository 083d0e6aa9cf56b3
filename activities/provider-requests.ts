/** Requests to providers under our own business keys, remembered longer than any provider remembers them. */

import { createHash } from 'node:crypto';
import type { EntityManager } from '../db/orm.ts';
import { keepProviderAnswer, noteProviderRequest } from '../db/repositories/provider-requests.ts';
import type { Write } from '../db/write-together.ts';
import type { PaymentProviderName } from '../domain/policy/policy.ts';
import { ProviderError } from '../providers/payments/provider-error.ts';
import { throwProviderFailure } from './provider-failures.ts';

/** Providers may forget a key 24 hours after they first saw it; from here on we look before we send. */
const KEY_TRUSTED_FOR_MS = 20 * 60 * 60 * 1000;

/** The provider's object; null for a refusal that is worth remembering. */
type Outcome = { id: string | null };

export type KeyedRequest<Result extends Outcome> = {
  /** `<workflowId>:<step>`: the same for every try, whoever makes it. */
  businessKey: string;
  provider: PaymentProviderName;
  operation: string;
  /** What is asked for; the same key with anything else is a bug and is refused. */
  input: object;
  send: () => Promise<Result>;
  /** Looks for the object at the provider, for when the key may be forgotten or the outcome is unknown. */
  find: () => Promise<Result | null>;
  /** What may be kept of the answer (no secrets). */
  keep: (result: Result) => Record<string, unknown>;
  /** What the answer changes in our own rows, written in one statement with it; a repeat does not write it again. */
  beside?: (result: Result) => readonly Write[];
};

/**
 * Sends the request unless its answer is already known; afterwards the answer is stored under the key. A repeat
 * answers `{ repeated }` with what was kept. Fails with ProviderError.
 */
export async function sendOnce<Result extends Outcome>(
  em: EntityManager,
  request: KeyedRequest<Result>,
): Promise<{ result: Result } | { repeated: Record<string, unknown> }> {
  const { businessKey, provider, operation } = request;
  const requestHash = createHash('sha256').update(JSON.stringify(request.input)).digest('hex');
  const known = await noteProviderRequest(em, { businessKey, provider, operation, requestHash });
  if (known.requestHash !== requestHash) {
    throw new ProviderError({ kind: 'invalid', code: 'business_key_reused', retryable: false });
  }
  if (known.outcome) return { repeated: known.outcome };
  const result = await sendOrFind(request, Date.now() - known.firstSentAt.getTime() > KEY_TRUSTED_FOR_MS);
  await keepProviderAnswer(em, businessKey, result.id, request.keep(result), request.beside?.(result));
  return { result };
}

async function sendOrFind<Result extends Outcome>(request: KeyedRequest<Result>, lookFirst: boolean): Promise<Result> {
  if (lookFirst) {
    const found = await request.find();
    if (found) return found;
  }
  try {
    return await request.send();
  } catch (error) {
    const outcomeUnknown = error instanceof ProviderError && error.kind === 'unavailable' && !error.retryable;
    const found = outcomeUnknown ? await request.find() : null;
    if (found) return found;
    throw error;
  }
}

/** As `sendOnce`, failing in the way that workflows understand. */
export async function sendOnceOrFail<Result extends Outcome>(em: EntityManager, request: KeyedRequest<Result>) {
  try {
    return await sendOnce(em, request);
  } catch (error) {
    return throwProviderFailure(error);
  }
}
