/** How a provider's error crosses to the workflow: our code, a short sentence, and whether trying again may help. */

import { ApplicationFailure } from '@temporalio/activity';
import { DomainError } from '../domain/domain-error.ts';
import { ProviderError } from '../providers/payments/provider-error.ts';
import { refuse } from './refuse.ts';

/** Never returns. Nothing of the request, the provider's message or its keys goes into the failure. */
export function throwProviderFailure(error: unknown): never {
  if (error instanceof DomainError) throw refuse(error.code, error.message);
  if (!(error instanceof ProviderError)) throw error;
  const code = error.kind === 'declined' ? 'payment_declined' : 'payment_provider_unavailable';
  const message = `${error.message}${error.requestId === null ? '' : `, request ${error.requestId}`}`;
  throw ApplicationFailure.create({ type: code, message, nonRetryable: !error.retryable });
}
