/** The dispute has ended: its escrow is told what becomes of the part that it froze. */

import { getExternalWorkflowHandle } from '@temporalio/workflow';
import { type Settlement, settlementOf } from '../../domain/disputes/dispute.ts';
import { disputeResolvedSignal, escrowWorkflowId } from '../escrow/contract.ts';
import { fail } from '../shared/fail.ts';
import { insist } from '../shared/insist.ts';
import { now } from './changes.ts';
import type { DisputeState } from './state.ts';

/** The money is frozen until the escrow has heard of it, so the telling is tried until it arrives. */
export async function tellTheEscrow(dispute: DisputeState): Promise<Settlement> {
  const { disputeId, escrowId, resolution, replacement } = dispute.case;
  const settlement = settlementOf(dispute.case);
  if (settlement === null) throw fail('internal_error', `${disputeId} has ended without an outcome`);
  const isReplaced = settlement.kind === 'hold_goes_on' && resolution?.decision.outcome === 'replacement';
  const fact = {
    eventId: `${disputeId}:resolved`,
    at: now(),
    disputeId,
    settlement,
    replacement: isReplaced ? (replacement ?? null) : null,
    chargebackId: dispute.chargebackId,
  };
  const escrow = getExternalWorkflowHandle(escrowWorkflowId(escrowId));
  await insist('telling the escrow', () => escrow.signal(disputeResolvedSignal, fact));
  return settlement;
}
