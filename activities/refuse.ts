/** How an activity refuses for good: the workflow gets the domain's code, and nobody tries again. */

import { ApplicationFailure } from '@temporalio/activity';
import { DomainError } from '../domain/domain-error.ts';
import type { ErrorCode } from '../domain/error-codes.ts';

/** A refusal by rule: never retried. Anything else that is thrown is tried again. */
export function refuse(code: ErrorCode, message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, code);
}

/** Runs a rule and turns its refusal into one that crosses to the workflow with its code. */
export function byRule<Result>(rule: () => Result): Result {
  try {
    return rule();
  } catch (error) {
    if (error instanceof DomainError) throw refuse(error.code, error.message);
    throw error;
  }
}
