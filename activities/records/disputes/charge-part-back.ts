/** The bank has taken money of a contested part; what it left of the part is in the hold again. */

import { Dispute } from '../../../db/entities/dispute.entity.ts';
import { VendorOrder } from '../../../db/entities/vendor-order.entity.ts';
import { postJournals } from '../../../db/ledger/post.ts';
import type { EntityManager } from '../../../db/orm.ts';
import { carveOutAmount, rejoin } from '../../../domain/disputes/shares.ts';
import { chargebackLost } from '../../../domain/postings.ts';
import type { StoredEscrow } from '../escrow-records.ts';
import { restOf } from '../escrow-row.ts';
import { writeOnce } from '../escrow-write.ts';
import { paidPaymentOf } from '../paid-payment.ts';
import type { ChargePartBack } from './dispute-records.ts';
import { thawedIn } from './frozen.ts';
import { holdAgain } from './rejoin-part.ts';

/** Once. While the rest is on its way to somebody, that must arrive first: `applied: false`. */
export function chargePartBack(em: EntityManager, write: ChargePartBack): Promise<StoredEscrow> {
  const { disputeId, chargebackId, amountMinor } = write;
  const told = { types: ['dispute.charged_back'], disputeId, data: { chargebackId, amountMinor } } as const;
  return writeOnce(em, write, told, async (escrow) => {
    const dispute = await em.findOneOrFail(Dispute, { id: disputeId, escrowId: escrow.id });
    if (dispute.settledAt) return { unchanged: 'done' };
    if (escrow.phase === 'releasing' || escrow.phase === 'refunding') return { unchanged: 'look again' };
    const { id: escrowId, orderId, currency } = escrow;
    const { rest: left } = carveOutAmount(dispute.part, amountMinor);
    const { provider } = await paidPaymentOf(em, orderId);
    const claim = { escrowId, orderId, provider, currency, amountMinor, reference: chargebackId };
    await postJournals(em, [chargebackLost({ ...claim, disputeId })]);
    const settled = { settlement: 'charged_back', buyerMinor: amountMinor, settledAt: new Date(write.at) } as const;
    await em.nativeUpdate(Dispute, { id: disputeId }, { ...settled, chargebackId, updatedAt: new Date() });
    const taken = { ...thawedIn(escrow, dispute), chargedBackMinor: escrow.chargedBackMinor + amountMinor };
    if (left.grossMinor === 0) return taken;
    const vendorOrder = await em.findOneOrFail(VendorOrder, { id: escrow.vendorOrderId });
    return { ...taken, ...holdAgain(write), rest: rejoin(left, restOf(escrow, vendorOrder)) };
  });
}
