/** Each change of a dispute, written to Postgres before anybody is told. */

import { upsertSearchAttributes } from '@temporalio/workflow';
import type { DisputeChange } from '../../activities/records/disputes/dispute-records.ts';
import { nextDisputeAction } from '../../domain/disputes/deadlines.ts';
import type { DisputeActor, DisputeCase } from '../../domain/disputes/dispute.ts';
import { records } from '../shared/activity-proxies.ts';
import { SEARCH_ATTRIBUTES } from '../shared/operator-view.ts';
import type { DisputeState } from './state.ts';

/** Who caused a change, why, and when it was accepted (now, unless given; RFC 3339). */
export type Cause = { actor: DisputeActor; reason: string | null; at?: string; chargebackId?: string };

/**
 * Stores the case as it is after one change and takes over what is stored. If an earlier try of this very write had made
 * another change (a worker died after its commit), Postgres keeps that one: `false`, and the caller looks again.
 */
export async function record(
  dispute: DisputeState,
  event: DisputeChange['event'],
  { actor, reason, at = now(), chargebackId }: Cause,
  after: DisputeCase,
): Promise<boolean> {
  const { disputeId, escrowId } = after;
  const { phase, deadlineAt, bankSince } = dispute.case;
  const stored = await records.changeDispute({
    disputeId,
    escrowId,
    orderId: dispute.input.orderId,
    version: dispute.version + 1,
    event,
    actor,
    reason,
    at,
    dispute: after,
    ...(chargebackId !== undefined && { chargebackId }),
  });
  dispute.adopt(stored);
  if (stored.applied) dispute.note(event, actor.role, reason);
  const { case: now_ } = dispute;
  const isSame = now_.phase === phase && now_.deadlineAt === deadlineAt && now_.bankSince === bankSince;
  if (!isSame && !dispute.ended) showToOperators(now_);
  return stored.applied;
}

export function now(): string {
  return new Date().toISOString();
}

/** One event each time, so only where the phase or its clock has changed, and not for the last step. */
function showToOperators(dispute: DisputeCase): void {
  const { at } = nextDisputeAction(dispute);
  upsertSearchAttributes([
    { key: SEARCH_ATTRIBUTES.disputePhase, value: dispute.phase },
    { key: SEARCH_ATTRIBUTES.nextActionAt, value: at === null ? null : new Date(at) },
  ]);
}
