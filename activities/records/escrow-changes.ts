/** The changes of an escrow, each one transaction; the version number makes a repeat the same as once. */

import { LockMode } from '@mikro-orm/postgresql';
import { Payment } from '../../db/entities/payment.entity.ts';
import { VendorOrder } from '../../db/entities/vendor-order.entity.ts';
import { postJournals } from '../../db/ledger/post.ts';
import type { EntityManager } from '../../db/orm.ts';
import { authorisationCaptured, holdRefunded, holdReleased } from '../../domain/postings.ts';
import type { EscrowChange, EscrowWrite, RefundedHold, StoredEscrow } from './escrow-records.ts';
import { writeOnce } from './escrow-write.ts';
import { paidPaymentOf } from './paid-payment.ts';

export function changeEscrow(em: EntityManager, change: EscrowChange): Promise<StoredEscrow> {
  const { event, to, carrier, trackingNumber, reason } = change;
  const shipment = carrier === undefined ? undefined : { carrier, trackingNumber };
  const vendorOrder = to === 'refunding' ? { cancelReason: reason } : shipment;
  return writeOnce(em, change, [event], () =>
    Promise.resolve({
      status: to,
      shipBy: instant(change.shipBy),
      deliveredBy: instant(change.deliveredBy),
      releaseAt: instant(change.releaseAt),
      pausedAt: instant(change.pausedAt),
      accessedAt: instant(change.accessedAt),
      vendorOrder,
    }),
  );
}

export function releaseHold(em: EntityManager, write: EscrowWrite): Promise<StoredEscrow> {
  return writeOnce(em, write, ['escrow.releasing', 'escrow.released'], async (escrow) => {
    const amounts = await em.findOneOrFail(VendorOrder, { escrowId: escrow.id });
    const { orderId, sellerId, currency } = escrow;
    await postJournals(em, [holdReleased({ escrowId: escrow.id, orderId, sellerId, currency, amounts })]);
    return { status: 'released', releasedMinor: escrow.heldMinor, payoutStatus: 'in_wallet', pausedAt: null };
  });
}

export function finishRefund(em: EntityManager, write: EscrowWrite & RefundedHold): Promise<StoredEscrow> {
  return writeOnce(em, write, ['escrow.refunded'], async (escrow) => {
    const { orderId, buyerId, currency, heldMinor: grossMinor } = escrow;
    const payment = await paidPaymentOf(em, orderId, LockMode.PESSIMISTIC_WRITE);
    const { authorisedOnly } = write;
    const externalRef = write.refundId ?? undefined;
    const { provider } = payment;
    const hold = { escrowId: escrow.id, orderId, buyerId, currency, grossMinor };
    await postJournals(em, [holdRefunded({ ...hold, provider, authorisedOnly, externalRef })]);
    const refundedMinor = authorisedOnly ? payment.refundedMinor : payment.refundedMinor + grossMinor;
    const whole = authorisedOnly || refundedMinor === payment.capturedMinor;
    const status = whole ? (authorisedOnly ? 'cancelled' : 'refunded') : payment.status;
    await em.nativeUpdate(Payment, { id: payment.id }, { refundedMinor, status, updatedAt: new Date() });
    await restockUnshipped(em, escrow.vendorOrderId);
    return { status: 'refunded', refundedMinor: grossMinor, pausedAt: null };
  });
}

export function markCaptured(em: EntityManager, write: EscrowWrite & { chargeId: string }): Promise<StoredEscrow> {
  return writeOnce(em, write, ['escrow.captured'], async (escrow) => {
    const payment = await paidPaymentOf(em, escrow.orderId, LockMode.PESSIMISTIC_WRITE);
    const { orderId, currency } = escrow;
    const { provider, amountMinor, id: paymentId } = payment;
    const facts = { orderId, paymentId, provider, currency, amountMinor, externalRef: write.chargeId };
    await postJournals(em, [authorisationCaptured(facts)]);
    const charged = { status: 'succeeded', capturedMinor: amountMinor, chargeId: write.chargeId } as const;
    await em.nativeUpdate(Payment, { id: paymentId }, { ...charged, updatedAt: new Date() });
    return { captured: true };
  });
}

/** Goods that never left go back on the shelf. */
async function restockUnshipped(em: EntityManager, vendorOrderId: string): Promise<void> {
  await em.execute(
    `with returned as (select i.listing_id, sum(i.quantity)::int as quantity
                       from order_item i join vendor_order v on v.id = i.vendor_order_id
                       where v.id = ? and v.tracking_number is null and v.fulfilment = 'physical' group by i.listing_id),
          locked as (select l.id, r.quantity from listing l join returned r on r.listing_id = l.id order by l.id for no key update of l)
     update listing l set stock = l.stock + locked.quantity, sold = l.sold - locked.quantity, updated_at = now()
     from locked where l.id = locked.id`,
    [vendorOrderId],
  );
}

function instant(at: string | null): Date | null {
  return at === null ? null : new Date(at);
}
