/** Parts of the hold move: decided ones to where they belong, and what the bank wants out of the rest. */

import type { Actor } from '../../domain/escrow.ts';
import { payments, records } from '../shared/activity-proxies.ts';
import { insist } from '../shared/insist.ts';
import { freezeForTheBank } from './bank.ts';
import { adopt, type Cause, nextWrite } from './changes.ts';
import type { DisputeResolved } from './contract.ts';
import { holdAgain, shippedAgain } from './deadlines.ts';
import { payOut } from './payouts.ts';
import type { EscrowState } from './state.ts';

const DISPUTE: Actor = { role: 'system', id: 'dispute' };
const CAUSE: Cause = { actor: DISPUTE, reason: null };

/** One step; where Postgres turns out to hold another change, the next turn of the story looks again. */
export async function movePart(escrow: EscrowState): Promise<void> {
  const decided = escrow.contested.nextDecided(escrow.restMinor);
  if (decided === null) await freezeForTheBank(escrow);
  else if (escrow.contested.takenByBank(decided.disputeId) !== null) await chargeBack(escrow, decided);
  else if (decided.settlement.kind === 'split') await split(escrow, decided, decided.settlement.buyerMinor);
  else await rejoin(escrow, decided);
}

/** The buyer's share goes back at the provider first; the seller's is paid out once it is booked. */
async function split(escrow: EscrowState, { disputeId }: DisputeResolved, buyerMinor: number): Promise<void> {
  const { contested } = escrow;
  const frozenMinor = contested.parts.find((part) => part.disputeId === disputeId)?.frozenMinor ?? 0;
  let refundId: string | null = null;
  if (buyerMinor > 0) {
    const refund = { disputeId, amountMinor: buyerMinor };
    ({ refundId } = await insist('the refund of a contested part', () => payments.refundPart(refund)));
  }
  const stored = await records.settlePart({ ...nextWrite(escrow, CAUSE), disputeId, buyerMinor, refundId });
  if (stored.applied) contested.forget(disputeId);
  if (adopt(escrow, stored, 'dispute.settled', CAUSE) && buyerMinor < frozenMinor) payOut(escrow, { disputeId });
}

async function rejoin(escrow: EscrowState, { disputeId, replacement, at }: DisputeResolved): Promise<void> {
  const hold = replacement === null ? holdAgain(escrow) : shippedAgain(escrow, at);
  const stored = await records.rejoinPart({ ...nextWrite(escrow, CAUSE), ...hold, disputeId, replacement });
  if (stored.applied) escrow.contested.forget(disputeId);
  adopt(escrow, stored, 'dispute.rejoined', CAUSE);
}

async function chargeBack(escrow: EscrowState, { disputeId }: DisputeResolved): Promise<void> {
  const taken = escrow.contested.takenByBank(disputeId);
  if (taken === null) return;
  const stored = await records.chargePartBack({ ...nextWrite(escrow, CAUSE), ...holdAgain(escrow), ...taken });
  if (stored.applied) escrow.contested.forget(disputeId);
  adopt(escrow, stored, 'dispute.charged_back', CAUSE);
}
