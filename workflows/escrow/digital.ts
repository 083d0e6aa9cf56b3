/** Digital goods: access is granted with the payment, and the hold is released by policy. */

import type { Actor } from '../../domain/escrow.ts';
import { record, release } from './changes.ts';
import type { DigitalAccessed } from './contract.ts';
import { type EscrowState, later } from './state.ts';

const DELIVERY: Actor = { role: 'system', id: 'digital delivery' };

/** Delivered the moment they are paid; released at once where the policy says so, else after the buyer had a look. */
export async function deliverDigitalGoods(escrow: EscrowState): Promise<void> {
  if (escrow.input.fulfilment !== 'digital' || escrow.status !== 'held') return;
  const cause = { actor: DELIVERY, reason: null };
  const releaseAfterMs = escrow.input.policy.digital?.releaseAfterMs ?? escrow.input.policy.hold.autoReleaseMs;
  const releaseAt = later(escrow.input.paidAt, releaseAfterMs);
  const delivered = await record(escrow, 'escrow.delivered', cause, { to: 'delivered', releaseAt });
  if (delivered && releaseAfterMs === 0) await release(escrow, cause);
}

/** The first access starts a shorter clock, if it ends earlier. False when it has to be looked at again. */
export async function takeInAccess(escrow: EscrowState, fact: DigitalAccessed): Promise<boolean> {
  const { digital } = escrow.input.policy;
  if (escrow.accessedAt !== null || escrow.status !== 'delivered' || !digital) return true;
  const afterAccess = later(fact.at, digital.releaseAfterAccessMs);
  const releaseAt = escrow.releaseAt !== null && escrow.releaseAt < afterAccess ? escrow.releaseAt : afterAccess;
  const cause = { actor: { role: 'buyer', id: escrow.input.buyerId } as const, reason: null };
  return record(escrow, 'escrow.accessed', cause, { accessedAt: fact.at, releaseAt });
}
