/** What changes in an escrow when a part of it is frozen, and when that part is not frozen any more. */

import type { Dispute } from '../../../db/entities/dispute.entity.ts';
import type { Escrow } from '../../../db/entities/escrow.entity.ts';
import type { CarvedHold } from '../../../domain/disputes/shares.ts';
import type { EscrowAndVendorOrder } from '../escrow-write.ts';

/** Frozen: where nothing is left beside it, the clocks of the hold stop at this instant. */
export function frozenIn(escrow: Escrow, { part, rest }: CarvedHold, at: string): EscrowAndVendorOrder {
  return {
    rest,
    frozenMinor: escrow.frozenMinor + part.grossMinor,
    openDisputes: escrow.openDisputes + 1,
    frozenSince: rest.grossMinor === 0 ? new Date(at) : null,
  };
}

/** Settled, whatever becomes of it. */
export function thawedIn(escrow: Escrow, dispute: Dispute): Pick<EscrowAndVendorOrder, 'frozenMinor' | 'openDisputes'> {
  return { frozenMinor: escrow.frozenMinor - dispute.frozenMinor, openDisputes: escrow.openDisputes - 1 };
}
