/** Goods that a verifier sees before the buyer does: they go there, and the hold follows what is found. */

import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { getExternalWorkflowHandle, log, startChild } from '@temporalio/workflow';
import type { AuthenticityResult } from '../../domain/authenticity/case.ts';
import type { EscrowCommand } from '../../domain/escrow-commands.ts';
import {
  AUTHENTICITY_WORKFLOW_TYPE,
  type AuthenticityInput,
  type AuthenticityOutcome,
  authenticityWorkflowId,
  holdSettledSignal,
} from '../authenticity/contract.ts';
import { payments, records } from '../shared/activity-proxies.ts';
import { insist } from '../shared/insist.ts';
import { SEARCH_ATTRIBUTES } from '../shared/operator-view.ts';
import { adopt, type Cause, capture, nextWrite, record, refund } from './changes.ts';
import type { AuthenticityDecided } from './contract.ts';
import { clockStart, now } from './deadlines.ts';
import { type EscrowState, later } from './state.ts';

type AuthenticityWorkflow = (input: AuthenticityInput) => Promise<AuthenticityOutcome>;

const VERIFIER = { role: 'system', id: 'authenticity' } as const;
const CAUSE: Cause = { actor: VERIFIER, reason: null };

/** The seller's parcel goes to the verifier: shipped, but not on its way to the buyer, so that no clock of the hold runs. */
export async function shipToVerifier(
  escrow: EscrowState,
  { carrier, trackingNumber }: EscrowCommand & { kind: 'ship' },
  cause: Cause,
): Promise<boolean> {
  const sent = { to: 'shipped', shipBy: null, deliveredBy: null, carrier, trackingNumber } as const;
  if (!(await record(escrow, 'escrow.shipped', cause, sent))) return false;
  await beginVerifying(escrow);
  return true;
}

/** It outlives this run. Begun before, by a run that did not live to tell: it goes on. */
async function beginVerifying(escrow: EscrowState): Promise<void> {
  const { escrowId, orderId, preset, sellerId } = escrow.input;
  const actor = { role: 'seller', id: sellerId } as const;
  const { version, authenticity } = await records.openAuthenticity({ escrowId, orderId, actor, at: now() });
  const { deadlineAt } = authenticity;
  try {
    await startChild<AuthenticityWorkflow>(AUTHENTICITY_WORKFLOW_TYPE, {
      workflowId: authenticityWorkflowId(escrowId),
      args: [{ orderId, preset, version, authenticity }],
      parentClosePolicy: 'ABANDON',
      cancellationType: 'ABANDON',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      staticSummary: `${preset} goods to verify`,
      typedSearchAttributes: [
        ...(deadlineAt === null ? [] : [{ key: SEARCH_ATTRIBUTES.nextActionAt, value: new Date(deadlineAt) }]),
        { key: SEARCH_ATTRIBUTES.preset, value: preset },
        { key: SEARCH_ATTRIBUTES.vendorId, value: sellerId },
      ],
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  escrow.verifier ??= { decision: null, lowered: false, left: false };
}

/** At once: what was found comes before whatever else is asked of the hold. What cannot be done yet is kept. */
export async function takeInDecision(escrow: EscrowState, decision: AuthenticityDecided): Promise<boolean> {
  const { verifier } = escrow;
  if (verifier === null || verifier.left || verifier.decision !== null) return true;
  verifier.decision = decision;
  await moveGoods(escrow);
  return true;
}

/** Something is to be done about the goods: a leg to begin, a finding to follow, or a leg that nobody needs any more. */
export function hasGoodsToMove(escrow: EscrowState): boolean {
  const { verifier, verifying } = escrow;
  if (verifier === null) return verifying;
  const { decision, left } = verifier;
  if (left) return false;
  if (decision === null) return isPointless(escrow);
  return goesBack(escrow) || mustLower(escrow) || (decision.forwarded !== null && waitsForGoods(escrow));
}

/** One step or more; where Postgres turns out to hold another change, the next turn of the story looks again. */
export async function moveGoods(escrow: EscrowState): Promise<void> {
  if (escrow.verifier === null) return beginVerifying(escrow);
  const { decision } = escrow.verifier;
  if (decision === null) return leaveVerifier(escrow);
  if (goesBack(escrow)) {
    await refund(escrow, { actor: VERIFIER, reason: REASONS[decision.result] ?? null });
    return;
  }
  if (mustLower(escrow) && !(await lowerPrice(escrow, decision))) return;
  if (decision.forwarded !== null && waitsForGoods(escrow)) {
    const deliveredBy = later(clockStart(escrow), escrow.input.policy.hold.deliveredAfterMs);
    await record(escrow, 'escrow.forwarded', CAUSE, { to: 'shipped', deliveredBy, ...decision.forwarded });
  }
}

const REASONS: Partial<Readonly<Record<AuthenticityResult, string>>> = {
  failed: 'the verifier found the goods not genuine',
  declined: 'the buyer did not take goods that were not as described',
  overdue: 'the goods were not verified in time',
};

/** The hold is settled, or the goods reached the buyer otherwise: whoever verifies them is told. */
export async function leaveVerifier(escrow: EscrowState): Promise<void> {
  const { verifier } = escrow;
  if (verifier === null || verifier.left || verifier.decision !== null || !isPointless(escrow)) return;
  const { escrowId } = escrow.input;
  const eventId = `escrow/${escrowId}:settled`;
  verifier.left = true;
  try {
    await getExternalWorkflowHandle(authenticityWorkflowId(escrowId)).signal(holdSettledSignal, { eventId, escrowId });
  } catch (error) {
    log.warn('the verifier leg was not there to be told', { escrowId, error: String(error) });
  }
}

function isPointless(escrow: EscrowState): boolean {
  return escrow.settled || escrow.deliveredBy !== null || escrow.releaseAt !== null;
}

/** Not genuine, not wanted or not verified: so is a contested part that comes back into the hold later. */
function goesBack(escrow: EscrowState): boolean {
  const result = escrow.verifier?.decision?.result;
  return result !== undefined && result in REASONS && escrow.restMinor > 0 && waitsForGoods(escrow);
}

/** Once something is there to lower; where a dispute takes it all, that decides about the price. */
function mustLower({ verifier, restMinor, status }: EscrowState): boolean {
  if (verifier === null || verifier.lowered || verifier.decision?.result !== 'price_lowered') return false;
  return restMinor > 0 && (status === 'held' || status === 'shipped' || status === 'delivered');
}

/** Neither has the hold been settled nor are the goods on their way to the buyer. */
function waitsForGoods({ status, deliveredBy, shipBy }: EscrowState): boolean {
  return (status === 'shipped' && deliveredBy === null) || (status === 'held' && shipBy === null);
}

/** Provider first, then the journal. False when another change was found, or nothing could be charged. */
async function lowerPrice(escrow: EscrowState, { refundMinor }: AuthenticityDecided): Promise<boolean> {
  const { escrowId } = escrow.input;
  if (!escrow.captured && !(await capture(escrow, CAUSE))) {
    await refund(escrow, { actor: VERIFIER, reason: 'the card authorisation had lapsed' });
    return false;
  }
  const amountMinor = Math.min(refundMinor, escrow.restMinor);
  const { refundId } = await insist('the refund of a lowered price', () =>
    payments.refundLowerPrice({ escrowId, amountMinor }),
  );
  const stored = await records.lowerPrice({ ...nextWrite(escrow, CAUSE), amountMinor, refundId });
  if (stored.applied && escrow.verifier !== null) escrow.verifier.lowered = true;
  return adopt(escrow, stored, 'escrow.price_lowered', CAUSE);
}
