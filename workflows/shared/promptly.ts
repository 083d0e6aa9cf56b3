/** A provider call that a buyer waits for: tried at once, and with patience where that does not do. */

import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';

/**
 * A provider answers in a fraction of a second as a rule: then the call is made within the workflow task that asks for it.
 * One that is slow or away gets an activity with retries of its own; the request is keyed, so what the first try may have
 * made is found by the next.
 */
export async function promptlyThenPatiently<Result>(
  atOnce: () => Promise<Result>,
  withPatience: () => Promise<Result>,
): Promise<Result> {
  try {
    return await atOnce();
  } catch (error) {
    if (isFinal(error)) throw error;
    return withPatience();
  }
}

function isFinal(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure && cause.nonRetryable === true;
}
