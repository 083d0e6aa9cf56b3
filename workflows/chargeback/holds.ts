/** What a chargeback asks of the holds of its order: freeze, and after the decision go on or give. */

import { getExternalWorkflowHandle, log, setCurrentDetails, sleep } from '@temporalio/workflow';
import type { EscrowId } from '../../domain/ids.ts';
import { chargebackClosedSignal, chargebackOpenedSignal, escrowWorkflowId } from '../escrow/contract.ts';
import { records } from '../shared/activity-proxies.ts';
import type { ChargebackState } from './state.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60 * 60 * 1000;

/** What is at stake freezes; disputes about it join. */
export async function freezeHolds({ input, heldShares }: ChargebackState): Promise<void> {
  const { chargebackId } = input;
  for (const { escrowId, heldMinor: amountMinor } of heldShares) {
    const fact = { eventId: `${chargebackId}:opened`, chargebackId, amountMinor };
    await tell(chargebackId, escrowId, (hold) => hold.signal(chargebackOpenedSignal, fact));
  }
}

/** Won: what was frozen goes on. Lost: it leaves the hold. */
export async function tellHoldsTheDecision(
  { input, heldShares }: ChargebackState,
  result: 'won' | 'lost',
): Promise<void> {
  const { chargebackId } = input;
  for (const { escrowId } of heldShares) {
    const fact = { eventId: `${chargebackId}:closed`, chargebackId, result };
    await tell(chargebackId, escrowId, (hold) => hold.signal(chargebackClosedSignal, fact));
  }
}

/** Each hold carries the decision out at its own pace; what it could not give is claimed from its seller afterwards. */
export async function untilHoldsHaveGiven({ input, heldShares }: ChargebackState): Promise<void> {
  if (heldShares.length === 0) return;
  let pauseMs = FIRST_PAUSE_MS;
  for (;;) {
    const waiting = (await records.heldShares({ chargebackId: input.chargebackId })).filter(({ done }) => !done);
    if (waiting.length === 0) return;
    setCurrentDetails(`Waiting for ${waiting.map(({ escrowId }) => escrowId).join(', ')} to give what the bank took.`);
    await sleep(pauseMs, { summary: 'the holds give what the bank took' });
    pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
  }
}

type Hold = ReturnType<typeof getExternalWorkflowHandle>;

/** A hold that has ended needs no telling; one that has not begun is told again until it has. */
async function tell(chargebackId: string, escrowId: EscrowId, signal: (hold: Hold) => Promise<void>): Promise<void> {
  let pauseMs = FIRST_PAUSE_MS;
  for (;;) {
    try {
      await signal(getExternalWorkflowHandle(escrowWorkflowId(escrowId)));
      return;
    } catch (error) {
      log.info('a hold did not hear of a chargeback', { chargebackId, escrowId, reason: String(error) });
    }
    const held = (await records.heldShares({ chargebackId })).find((share) => share.escrowId === escrowId);
    if (held?.done !== false) return;
    await sleep(pauseMs, { summary: `tell ${escrowId} again` });
    pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
  }
}
