/**
 * The story of a dispute: the seller is heard, the parties may agree, a reviewer decides, each may appeal, and what was
 * decided is carried out. Every phase ends by itself; the money moves in the escrow, once the dispute has ended.
 */

import { allHandlersFinished, CancellationScope, condition } from '@temporalio/workflow';
import { answerTheRest, carryOut } from './acting.ts';
import { Clock } from './clock.ts';
import { continueInNewRunWhenLong } from './continuing.ts';
import type { DisputeInput, DisputeResult } from './contract.ts';
import { tellTheEscrow } from './ending.ts';
import { registerHandlers } from './handlers.ts';
import { DisputeState } from './state.ts';

/** Started by its escrow, which has frozen the contested part. Ends resolved or withdrawn, and says what becomes of it. */
export async function disputeWorkflow(input: DisputeInput): Promise<DisputeResult> {
  const dispute = new DisputeState(input);
  registerHandlers(dispute);
  // Money is frozen for as long as it runs: an operator's cancel is ignored.
  return CancellationScope.nonCancellable(async () => {
    const clock = new Clock(dispute);
    while (!dispute.ended) {
      await clock.untilSomethingHappens();
      const message = dispute.inbox.shift();
      // Somebody's word comes before the clock: accepted at the deadline is accepted in time.
      if (message) await carryOut(dispute, message);
      else await clock.act();
      await continueInNewRunWhenLong(dispute);
    }
    answerTheRest(dispute);
    const settlement = await tellTheEscrow(dispute);
    await condition(allHandlersFinished);
    return { settlement };
  });
}
