/** A contested part is in the hold again: withdrawn, dismissed, or a replacement is on its way for it. */

import { Dispute } from '../../../db/entities/dispute.entity.ts';
import { DisputeLine } from '../../../db/entities/dispute-line.entity.ts';
import { VendorOrder } from '../../../db/entities/vendor-order.entity.ts';
import type { EntityManager } from '../../../db/orm.ts';
import { rejoin } from '../../../domain/disputes/shares.ts';
import type { StoredEscrow } from '../escrow-records.ts';
import { instantOf, phaseOf, restOf } from '../escrow-row.ts';
import { type EscrowAndVendorOrder, writeOnce } from '../escrow-write.ts';
import type { HoldAgain, RejoinPart } from './dispute-records.ts';
import { thawedIn } from './frozen.ts';

/** Once. While the rest is on its way to somebody, that must arrive first: `applied: false`. */
export function rejoinPart(em: EntityManager, write: RejoinPart): Promise<StoredEscrow> {
  const { disputeId, replacement } = write;
  const told = { types: ['dispute.rejoined'], disputeId, data: { replaced: replacement !== null } } as const;
  return writeOnce(em, write, told, async (escrow) => {
    const dispute = await em.findOneOrFail(Dispute, { id: disputeId, escrowId: escrow.id });
    if (dispute.settledAt) return { unchanged: 'done' };
    if (escrow.phase === 'releasing' || escrow.phase === 'refunding') return { unchanged: 'look again' };
    const vendorOrder = await em.findOneOrFail(VendorOrder, { id: escrow.vendorOrderId });
    const settled = { settlement: 'hold_goes_on', settledAt: new Date(write.at), updatedAt: new Date() } as const;
    await em.nativeUpdate(Dispute, { id: disputeId }, settled);
    if (replacement) await em.nativeUpdate(DisputeLine, { disputeId }, { freed: true });
    return {
      ...thawedIn(escrow, dispute),
      ...holdAgain(write),
      rest: rejoin(dispute.part, restOf(escrow, vendorOrder)),
      vendorOrder: replacement ?? undefined,
    };
  });
}

/** The hold's phase and clocks as the workflow gives them; something in it is uncontested, so they run. */
export function holdAgain({ to, shipBy, deliveredBy, releaseAt }: HoldAgain): EscrowAndVendorOrder {
  return {
    phase: phaseOf(to),
    shipBy: instantOf(shipBy),
    deliveredBy: instantOf(deliveredBy),
    releaseAt: instantOf(releaseAt),
    frozenSince: null,
  };
}
