/** A money step that must happen in the end: when its activity has given up, the workflow waits and tries again. */

import { log, rootCause, setCurrentDetails, sleep } from '@temporalio/workflow';

const PAUSE = '30 minutes';

/**
 * Runs the step until it succeeds. Between tries the Temporal UI shows that the workflow needs attention, and why.
 * Steps are keyed, so trying again is the same as once.
 */
export async function insist<Result>(what: string, step: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await step();
    } catch (error) {
      // What went wrong, without the layers that say only that an activity failed.
      const reason = rootCause(error) ?? String(error);
      log.error('money step failed, will be tried again', { what, reason });
      setCurrentDetails(`NEEDS ATTENTION: ${what} failed and is tried again every ${PAUSE}. Last error: ${reason}`);
      await sleep(PAUSE, { summary: `retry: ${what}` });
    }
  }
}
