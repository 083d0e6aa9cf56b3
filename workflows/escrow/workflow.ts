/**
 * The story of a hold: it keeps a vendor's share of an order until the goods are delivered, or goes back to the buyer. A
 * part that is contested stays until its dispute has ended; the rest goes on.
 */

import { allHandlersFinished, CancellationScope, condition } from '@temporalio/workflow';
import { answerTheRest, carryOut } from './acting.ts';
import { finishWhatWasBegun } from './changes.ts';
import { Clocks } from './clocks.ts';
import { continueInNewRunWhenLong } from './continuing.ts';
import type { EscrowInput, EscrowResult } from './contract.ts';
import { deliverDigitalGoods } from './digital.ts';
import { registerHandlers } from './handlers.ts';
import { takeOverDisputes } from './opening.ts';
import { movePart } from './parts.ts';
import { EscrowState } from './state.ts';
import { hasGoodsToMove, leaveVerifier, moveGoods } from './verifying.ts';

/**
 * Started by the order once it is paid. Ends released, refunded or split. Nothing but its own messages and clocks ends
 * it: it holds money, so an operator's cancel is ignored (`release` and `refund` are there for admins).
 */
export async function escrowWorkflow(input: EscrowInput): Promise<EscrowResult> {
  const escrow = new EscrowState(input);
  registerHandlers(escrow);
  return CancellationScope.nonCancellable(async () => {
    const clocks = new Clocks(escrow);
    await deliverDigitalGoods(escrow);
    await finishWhatWasBegun(escrow);
    while (!escrow.settled) {
      await clocks.untilSomethingHappens();
      const message = escrow.inbox.shift();
      // Somebody's word comes before the clock: accepted at the deadline is accepted in time.
      if (message) await carryOut(escrow, message);
      else if (escrow.hasPartsToMove) await movePart(escrow);
      else if (hasGoodsToMove(escrow)) await moveGoods(escrow);
      else await clocks.act();
      await finishWhatWasBegun(escrow);
      await takeOverDisputes(escrow);
      await continueInNewRunWhenLong(escrow);
    }
    await leaveVerifier(escrow);
    answerTheRest(escrow);
    await condition(() => escrow.payoutsUnderWay === 0 && allHandlersFinished());
    return { status: escrow.status };
  });
}
