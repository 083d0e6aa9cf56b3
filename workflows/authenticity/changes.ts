/** Each change a verifier leg can go through, written to Postgres before anybody is told. */

import type { AuthenticityChange } from '../../activities/records/authenticity/authenticity-records.ts';
import type { AuthenticityCase } from '../../domain/authenticity/case.ts';
import { afterAuthenticityDeadline, afterHoldSettled } from '../../domain/authenticity/progress.ts';
import type { Actor } from '../../domain/escrow.ts';
import { records } from '../shared/activity-proxies.ts';
import type { AuthenticityState } from './state.ts';

const CLOCK: Actor = { role: 'system', id: 'authenticity clock' };

type Change = Pick<AuthenticityChange, 'event' | 'actor' | 'reason' | 'scan'>;

/**
 * Stores one change and takes over what is stored. If an earlier try of this very write had made another change (a worker
 * died after its commit), Postgres keeps that one: `false`, and the caller looks again.
 */
export async function record(
  state: AuthenticityState,
  authenticity: AuthenticityCase,
  change: Change,
  at: string,
): Promise<boolean> {
  const { escrowId } = state.leg;
  const { orderId } = state.input;
  const version = state.version + 1;
  const stored = await records.changeAuthenticity({ escrowId, orderId, version, at, authenticity, ...change });
  state.adopt(stored);
  if (stored.applied) state.note(change.event, change.actor.role, change.reason);
  return stored.applied;
}

/** Nobody acted in time: what was announced beforehand. */
export function runOut(state: AuthenticityState): Promise<boolean> {
  const at = new Date().toISOString();
  const after = afterAuthenticityDeadline(state.leg, at);
  return record(state, after, { ...silence(after), actor: CLOCK, scan: null }, at);
}

function silence({ phase }: AuthenticityCase): Pick<Change, 'event' | 'reason'> {
  if (phase === 'to_forward') return { event: 'authenticity.alerted', reason: null };
  if (phase === 'declined') return { event: 'authenticity.declined', reason: 'no choice was made in time' };
  return { event: 'authenticity.overdue', reason: null };
}

/** The hold was settled otherwise; true as well where this leg has ended by itself. */
export async function cancelled(state: AuthenticityState): Promise<boolean> {
  const at = new Date().toISOString();
  const after = afterHoldSettled(state.leg, at);
  if (after === state.leg) return true;
  return record(state, after, { event: 'authenticity.cancelled', actor: CLOCK, reason: null, scan: null }, at);
}
