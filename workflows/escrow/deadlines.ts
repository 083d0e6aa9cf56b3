/** How an escrow's clocks are moved: to an instant, by a pause, by the time that all of the hold was contested. */

import type { HoldAgain } from '../../activities/records/disputes/dispute-records.ts';
import { type EscrowState, later } from './state.ts';

export function now(): string {
  return new Date().toISOString();
}

/** Where a clock starts that is set now: while none runs, when they were stopped, because going on adds the time since. */
export function clockStart(escrow: EscrowState): string {
  return escrow.pausedAt ?? escrow.frozenSince ?? now();
}

/** The deadline of the phase that the escrow is in, moved. */
export function movedDeadline(escrow: EscrowState, move: (deadline: string) => string) {
  const { status, shipBy, deliveredBy, releaseAt } = escrow;
  if ((status === 'held' || status === 'processing') && shipBy) return { shipBy: move(shipBy) };
  if (status === 'shipped' && deliveredBy) return { deliveredBy: move(deliveredBy) };
  if (status === 'delivered' && releaseAt) return { releaseAt: move(releaseAt) };
  return {};
}

/**
 * The hold once a contested part is in it again, as if there had been no dispute: its clocks have what they had left when
 * they stopped. Where the rest has been settled meanwhile, the hold is back where it was, with the deadline it had then.
 */
export function holdAgain(escrow: EscrowState): HoldAgain {
  const { status, shipBy, deliveredBy, releaseAt, frozenSince, pausedAt } = escrow;
  const clocks = { shipBy, deliveredBy, releaseAt };
  if (status === 'released') return { ...clocks, to: 'delivered', releaseAt: releaseAt ?? now() };
  if (status === 'refunded') return { ...clocks, to: phaseBeforeRefund(clocks) };
  // A pause is longer than a freeze within it, and resuming adds all of it.
  if (frozenSince === null || pausedAt !== null) return { ...clocks, to: status };
  const frozenForMs = Date.now() - Date.parse(frozenSince);
  return { ...clocks, ...movedDeadline(escrow, (deadline) => later(deadline, frozenForMs)), to: status };
}

/** A refund leaves the clock of its phase as it was. */
function phaseBeforeRefund({ deliveredBy, releaseAt }: Omit<HoldAgain, 'to'>): HoldAgain['to'] {
  if (releaseAt !== null) return 'delivered';
  return deliveredBy !== null ? 'shipped' : 'held';
}

/** The hold with a replacement on its way: as shipped when that was sent. */
export function shippedAgain(escrow: EscrowState, sentAt: string): HoldAgain {
  const deliveredBy = later(sentAt, escrow.input.policy.hold.deliveredAfterMs);
  return { to: 'shipped', shipBy: null, deliveredBy, releaseAt: null };
}
