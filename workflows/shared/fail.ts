/** How a workflow refuses: an ApplicationFailure whose type is one of the domain's error codes. */

import { ApplicationFailure } from '@temporalio/workflow';
import { type ErrorCode, isErrorCode } from '../../domain/error-codes.ts';

/** Anything but an ApplicationFailure thrown from a handler would wedge the workflow task, so this is the only way out. */
export function fail(code: ErrorCode, message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, code);
}

/** The refusal inside an activity's failure, if it is one of ours; null for a failure we have no code for. */
export function refusalIn(error: unknown): { code: ErrorCode; message: string } | null {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ApplicationFailure && cause.type && isErrorCode(cause.type)) {
      return { code: cause.type, message: cause.message };
    }
  }
  return null;
}
