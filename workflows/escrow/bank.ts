/** The buyer's bank wants money of this hold back: everything contested waits for it, and what it wants beyond freezes too. */

import { getExternalWorkflowHandle, log, uuid4 } from '@temporalio/workflow';
import type { DisputeId } from '../../domain/disputes/dispute.ts';
import { idFromUuid } from '../../domain/ids.ts';
import {
  type BankClosed,
  type BankOpened,
  bankClosedSignal,
  bankOpenedSignal,
  disputeWorkflowId,
} from '../dispute/contract.ts';
import { records } from '../shared/activity-proxies.ts';
import { adopt, type Cause, nextWrite } from './changes.ts';
import type { EscrowChargebackClosed, EscrowChargebackOpened } from './contract.ts';
import { startDispute } from './opening.ts';
import type { EscrowState } from './state.ts';

export async function takeInBankOpened(escrow: EscrowState, fact: EscrowChargebackOpened): Promise<true> {
  const { contested } = escrow;
  const { chargebackId, eventId } = fact;
  const closed = contested.takeEarlyClose(chargebackId);
  if (closed?.result === 'won') return true;
  const { disputeIds } = contested.bankOpened(fact);
  escrow.note('chargeback.opened', 'provider');
  for (const disputeId of disputeIds) await tellOpened(disputeId, { eventId, chargebackId });
  if (closed) escrow.inbox.unshift({ kind: 'bankClosed', fact: closed });
  return true;
}

/** False: look again. What the bank takes has to be frozen first, so that it is taken as decided and not released. */
export async function takeInBankClosed(escrow: EscrowState, fact: EscrowChargebackClosed): Promise<boolean> {
  const { chargebackId, eventId, result: outcome } = fact;
  const matter = escrow.contested.chargebacks.find((each) => each.chargebackId === chargebackId);
  if (outcome === 'lost' && matter && matter.uncoveredMinor > 0 && escrow.restMinor > 0) {
    await freezeForTheBank(escrow);
    return false;
  }
  const results = escrow.contested.bankClosed(fact);
  if (results === null) return true;
  escrow.note(outcome === 'won' ? 'chargeback.won' : 'chargeback.lost', 'provider');
  for (const { disputeId, result } of results) await tellClosed(disputeId, { eventId, chargebackId, result });
  return true;
}

/** What the bank wants and nobody contests becomes a dispute that the bank has opened. */
export async function freezeForTheBank(escrow: EscrowState): Promise<void> {
  const { contested, restMinor } = escrow;
  const chargeback = contested.uncovered;
  if (chargeback === null) return;
  const { chargebackId, uncoveredMinor } = chargeback;
  const cause: Cause = { actor: { role: 'provider', id: chargebackId }, reason: null };
  const disputeId = idFromUuid('dispute', uuid4());
  const amountMinor = Math.min(uncoveredMinor, restMinor);
  const opened = await records.openBankDispute({ ...nextWrite(escrow, cause), disputeId, chargebackId, amountMinor });
  if ('refused' in opened) {
    log.warn('nothing more of the hold can be frozen for the bank', { chargebackId, ...opened.refused });
    chargeback.uncoveredMinor = 0;
    return;
  }
  const { dispute } = opened;
  if (dispute !== null) contested.add(dispute, chargebackId);
  adopt(escrow, opened.escrow, 'dispute.opened', cause);
  if (dispute !== null) await startDispute(escrow, dispute, chargebackId);
}

/** A dispute that has ended meanwhile cannot be told; what it decided waits for the bank here. */
async function tellOpened(disputeId: DisputeId, fact: BankOpened): Promise<void> {
  await whereItRuns(disputeId, (dispute) => dispute.signal(bankOpenedSignal, fact));
}

async function tellClosed(disputeId: DisputeId, fact: BankClosed): Promise<void> {
  await whereItRuns(disputeId, (dispute) => dispute.signal(bankClosedSignal, fact));
}

type Handle = ReturnType<typeof getExternalWorkflowHandle>;

async function whereItRuns(disputeId: DisputeId, tell: (dispute: Handle) => Promise<void>): Promise<void> {
  try {
    await tell(getExternalWorkflowHandle(disputeWorkflowId(disputeId)));
  } catch (error) {
    log.info('a dispute has ended before it could be told of the bank', { disputeId, reason: String(error) });
  }
}
