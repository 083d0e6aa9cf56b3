/** Each change an escrow can go through, written to Postgres before anybody is told. */

import { upsertSearchAttributes } from '@temporalio/workflow';
import type { EscrowChange, StoredEscrow } from '../../activities/records/escrow-records.ts';
import type { Actor } from '../../domain/escrow.ts';
import type { FactType } from '../../domain/facts.ts';
import { payments, records } from '../shared/activity-proxies.ts';
import { insist } from '../shared/insist.ts';
import { SEARCH_ATTRIBUTES } from '../shared/operator-view.ts';
import { clockStart, now } from './deadlines.ts';
import { payOut } from './payouts.ts';
import { type EscrowState, later } from './state.ts';

/** Who caused a change and why. */
export type Cause = { actor: Actor; reason: string | null };

type Changed = Partial<
  Pick<
    EscrowChange,
    'to' | 'shipBy' | 'deliveredBy' | 'releaseAt' | 'pausedAt' | 'accessedAt' | 'carrier' | 'trackingNumber'
  >
>;

/**
 * Stores one change and takes over what is stored. If an earlier try of this very write had made another change
 * (a worker died after its commit), Postgres keeps that one: `false`, and the caller looks again.
 */
export async function record(
  escrow: EscrowState,
  event: EscrowChange['event'],
  cause: Cause,
  changed: Changed,
): Promise<boolean> {
  return adopt(
    escrow,
    await records.changeEscrow({
      ...nextWrite(escrow, cause),
      event,
      to: escrow.status,
      shipBy: escrow.shipBy,
      deliveredBy: escrow.deliveredBy,
      releaseAt: escrow.releaseAt,
      pausedAt: escrow.pausedAt,
      accessedAt: escrow.accessedAt,
      ...changed,
    }),
    event,
    cause,
  );
}

/** The goods count as delivered: the auto-release clock starts. */
export function markDelivered(escrow: EscrowState, cause: Cause): Promise<boolean> {
  const releaseAt = later(clockStart(escrow), escrow.input.policy.hold.autoReleaseMs);
  return record(escrow, 'escrow.delivered', cause, {
    to: 'delivered',
    deliveredBy: null,
    releaseAt,
  });
}

/** Pays the seller what nobody contests: charge first where the buyer was only authorised, then one transaction with the journal. */
export async function release(escrow: EscrowState, cause: Cause): Promise<boolean> {
  if (!escrow.captured) {
    if (!(await record(escrow, 'escrow.releasing', cause, { to: 'releasing', pausedAt: null }))) return false;
  }
  return finishRelease(escrow, cause);
}

async function finishRelease(escrow: EscrowState, cause: Cause): Promise<boolean> {
  if (!escrow.captured && !(await capture(escrow, cause))) {
    return refund(escrow, { actor: cause.actor, reason: 'the card authorisation had lapsed' });
  }
  const stored = await records.releaseHold(nextWrite(escrow, cause));
  return adopt(escrow, stored, 'escrow.released', cause);
}

/** Pays the buyer back what nobody contests: provider first, then the journal. */
export async function refund(escrow: EscrowState, cause: Cause): Promise<boolean> {
  if (!(await record(escrow, 'escrow.refunding', cause, { to: 'refunding', pausedAt: null }))) return false;
  return finishRefund(escrow, cause);
}

/**
 * Ends a release or refund whose beginning is stored but not in this run's story: the worker that stored it died before
 * the workflow's history knew, and the story took another turn (`record` then answers false).
 */
export async function finishWhatWasBegun(escrow: EscrowState): Promise<void> {
  const cause: Cause = { actor: { role: 'system', id: 'recovery' }, reason: null };
  if (escrow.status === 'releasing') await finishRelease(escrow, cause);
  else if (escrow.status === 'refunding') await finishRefund(escrow, cause);
}

async function finishRefund(escrow: EscrowState, cause: Cause): Promise<boolean> {
  const { escrowId } = escrow.input;
  const refunded = await insist('the refund', () => payments.refundHold({ escrowId }));
  const stored = await records.finishRefund({ ...nextWrite(escrow, cause), ...refunded });
  return adopt(escrow, stored, 'escrow.refunded', cause);
}

/** Charges an authorised card and books it. False when the authorisation has lapsed. */
export async function capture(escrow: EscrowState, cause: Cause): Promise<boolean> {
  const { escrowId } = escrow.input;
  const outcome = await insist('the capture', () => payments.captureHold({ escrowId }));
  escrow.captureAt = null;
  if (!outcome.captured) return false;
  const { chargeId } = outcome;
  // Where another change has taken the number, the charge is booked under the next one.
  while (!escrow.captured) {
    adopt(escrow, await records.markCaptured({ ...nextWrite(escrow, cause), chargeId }), 'escrow.captured', cause);
  }
  return true;
}

/** What every write says; it makes the version after the one that is known. */
export function nextWrite(escrow: EscrowState, cause: Cause) {
  const { escrowId, orderId } = escrow.input;
  return { escrowId, orderId, version: escrow.version + 1, at: now(), ...cause };
}

/** Takes over what is stored, tells the story, pays out what was released: false where it was not this change. */
export function adopt(escrow: EscrowState, stored: StoredEscrow, event: FactType, cause: Cause): boolean {
  const paidOut = escrow.releases;
  escrow.adopt(stored);
  for (let release = paidOut + 1; release <= escrow.releases; release += 1) payOut(escrow, { release });
  if (stored.applied) escrow.note(event, cause.actor.role, cause.reason);
  if (!escrow.settled) showToOperators(escrow);
  return stored.applied;
}

/** One event each time, so only where an operator would look for open escrows: not for the last step. */
function showToOperators({ shownStatus: status, nextAction: { at } }: EscrowState): void {
  upsertSearchAttributes([
    { key: SEARCH_ATTRIBUTES.escrowStatus, value: status },
    { key: SEARCH_ATTRIBUTES.nextActionAt, value: at === null ? null : new Date(at) },
  ]);
}
