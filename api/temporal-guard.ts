/** How the API calls Temporal: under a deadline, and with every failure turned into an answer the API can give. */

import {
  type Client,
  isGrpcDeadlineError,
  isGrpcServiceError,
  ServiceError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/common';
import { isErrorCode } from '../domain/error-codes.ts';
import { ApiError, OutcomeUnknownError } from './errors.ts';

const PING_DEADLINE_MS = 500;

/** `location` shows the outcome later; `closed` answers when the workflow has ended. */
export type GuardedCall<T> = { location: string; call: () => Promise<T>; closed: () => Promise<T> };

/** Runs a call under the deadline and turns what Temporal throws into what the API answers. */
export function createGuard(client: Client, callDeadlineMs: number) {
  return async <T>({ location, call, closed }: GuardedCall<T>): Promise<T> => {
    try {
      return await client.withDeadline(Date.now() + callDeadlineMs, call);
    } catch (error) {
      if (isWorkflowClosed(error)) return await closed();
      if (!isTimeout(error)) throw toRefusal(error);
      // No answer: either the workflow is slow (the change may still happen) or nobody is there.
      await ping(client, PING_DEADLINE_MS).catch((cause: unknown) => {
        throw new ApiError('service_unavailable', { cause });
      });
      throw new OutcomeUnknownError(location);
    }
  };
}

/** Resolves when Temporal answers within `timeoutMs`. */
export async function ping(client: Client, timeoutMs: number): Promise<void> {
  await client.withDeadline(Date.now() + timeoutMs, () => client.workflowService.getSystemInfo({}));
}

function isTimeout(error: unknown): boolean {
  return error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isGrpcDeadlineError(error);
}

/** The run has ended (or ended while the update was in it), or its id was used before. */
function isWorkflowClosed(error: unknown): boolean {
  if (error instanceof WorkflowNotFoundError || error instanceof WorkflowExecutionAlreadyStartedError) return true;
  return refusalOf(error)?.type === 'AcceptedUpdateCompletedWorkflow';
}

/** Why an update failed: an activity's failure arrives wrapped, so the innermost application failure says it. */
function refusalOf(error: unknown): ApplicationFailure | null {
  if (!(error instanceof WorkflowUpdateFailedError)) return null;
  let innermost: ApplicationFailure | null = null;
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ApplicationFailure) innermost = cause;
  }
  return innermost;
}

function toRefusal(error: unknown): unknown {
  const refusal = refusalOf(error);
  if (refusal?.type && isErrorCode(refusal.type)) {
    return new ApiError(refusal.type, { detail: refusal.message, cause: error });
  }
  if (error instanceof ServiceError || isGrpcServiceError(error)) {
    return new ApiError('service_unavailable', { cause: error });
  }
  return error;
}
