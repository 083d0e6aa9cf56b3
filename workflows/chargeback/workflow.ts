/** The story of a chargeback: a bank takes money back, hears us, decides, and what it decides is carried out. */

import { allHandlersFinished, CancellationScope, condition } from '@temporalio/workflow';
import { records } from '../shared/activity-proxies.ts';
import { claimBackWhatWasReleased } from './claw-back.ts';
import type { ChargebackInput, ChargebackResult } from './contract.ts';
import { answerRequests, bookFee, defendUntilDecided } from './evidence.ts';
import { registerHandlers } from './handlers.ts';
import { freezeHolds, tellHoldsTheDecision, untilHoldsHaveGiven } from './holds.ts';
import { ChargebackState, now } from './state.ts';

/**
 * Started with the first news of it, whichever that is. Ends with the bank's decision carried out. It follows money that
 * is gone already, so an operator's cancel is ignored.
 */
export async function chargebackWorkflow(input: ChargebackInput): Promise<ChargebackResult> {
  const chargeback = new ChargebackState(input);
  registerHandlers(chargeback);
  return CancellationScope.nonCancellable(async () => {
    chargeback.adopt(await records.openChargeback({ ...input, at: now() }));
    chargeback.note('chargeback.opened', 'provider');
    if (!chargeback.settled) {
      await freezeHolds(chargeback);
      await defendUntilDecided(chargeback);
      await carryOutDecision(chargeback);
    }
    answerRequests(chargeback);
    await condition(allHandlersFinished);
    return { status: decided(chargeback) };
  });
}

async function carryOutDecision(chargeback: ChargebackState): Promise<void> {
  const { chargebackId } = chargeback.input;
  const status = decided(chargeback);
  await records.closeChargeback({ chargebackId, status, at: now() });
  chargeback.close(status);
  await tellHoldsTheDecision(chargeback, status);
  if (status === 'lost') {
    await untilHoldsHaveGiven(chargeback);
    await claimBackWhatWasReleased(chargeback);
  }
  await bookFee(chargeback);
  await records.settleChargeback({ chargebackId, at: now() });
  chargeback.settled = true;
}

function decided({ decision }: ChargebackState): ChargebackResult['status'] {
  if (decision === null) throw new Error('unreachable: nothing goes on before the bank has decided');
  return decision;
}
