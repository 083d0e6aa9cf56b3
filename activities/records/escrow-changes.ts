/** The changes of an escrow, each one transaction; the version number makes a repeat the same as once. */

import { LockMode } from '@mikro-orm/postgresql';
import { Payment } from '../../db/entities/payment.entity.ts';
import { postJournals } from '../../db/ledger/post.ts';
import type { EntityManager } from '../../db/orm.ts';
import { authorisationCaptured, holdRefunded, holdReleased, NO_AMOUNTS, releaseShares } from '../../domain/postings.ts';
import type { EscrowChange, EscrowWrite, RefundedHold, StoredEscrow } from './escrow-records.ts';
import { instantOf, phaseOf, restMinorOf } from './escrow-row.ts';
import { writeOnce } from './escrow-write.ts';
import { restockRest } from './goods-back-on-the-shelf.ts';
import { paidPaymentOf } from './paid-payment.ts';
import { contentsAndDebt, payoutStatusAfterRelease, postRelease } from './releases.ts';
import { settleRestOfLines } from './settled-lines.ts';

export function changeEscrow(em: EntityManager, change: EscrowChange): Promise<StoredEscrow> {
  const { event, to, carrier, trackingNumber, reason } = change;
  const shipment = carrier === undefined ? undefined : { carrier, trackingNumber };
  const vendorOrder = to === 'refunding' ? { cancelReason: reason } : shipment;
  return writeOnce(em, change, { types: [event] }, () =>
    Promise.resolve({
      phase: phaseOf(to),
      shipBy: instantOf(change.shipBy),
      deliveredBy: instantOf(change.deliveredBy),
      releaseAt: instantOf(change.releaseAt),
      pausedAt: instantOf(change.pausedAt),
      accessedAt: instantOf(change.accessedAt),
      vendorOrder,
    }),
  );
}

/** What nobody contests goes to the seller. */
export function releaseHold(em: EntityManager, write: EscrowWrite): Promise<StoredEscrow> {
  return writeOnce(em, write, { types: ['escrow.releasing', 'escrow.released'] }, async (escrow) => {
    const { amounts, owedMinor } = await contentsAndDebt(em, escrow);
    const { id: escrowId, orderId, sellerId, currency } = escrow;
    const release = escrow.releases + 1;
    await postRelease(em, {
      escrow,
      journal: holdReleased({ escrowId, orderId, sellerId, currency, amounts, release }),
      sellerMinor: releaseShares(amounts, amounts.grossMinor).sellerMinor,
      owedMinor,
      release,
      write,
    });
    if (escrow.openDisputes > 0) await settleRestOfLines(em, escrow.vendorOrderId);
    return {
      phase: 'released',
      rest: NO_AMOUNTS,
      releases: release,
      releasedMinor: escrow.releasedMinor + amounts.grossMinor,
      payoutStatus: payoutStatusAfterRelease(escrow),
      pausedAt: null,
    };
  });
}

/** What nobody contests goes back to the buyer. */
export function finishRefund(em: EntityManager, write: EscrowWrite & RefundedHold): Promise<StoredEscrow> {
  return writeOnce(em, write, { types: ['escrow.refunded'] }, async (escrow) => {
    const { orderId, buyerId, currency } = escrow;
    const grossMinor = restMinorOf(escrow);
    const refund = escrow.refunds + 1;
    const payment = await paidPaymentOf(em, orderId, LockMode.PESSIMISTIC_WRITE);
    const { authorisedOnly } = write;
    const externalRef = write.refundId ?? undefined;
    const { provider } = payment;
    const hold = { escrowId: escrow.id, orderId, buyerId, currency, grossMinor, refund };
    await postJournals(em, [holdRefunded({ ...hold, provider, authorisedOnly, externalRef })]);
    if (authorisedOnly)
      await em.nativeUpdate(Payment, { id: payment.id }, { status: 'cancelled', updatedAt: new Date() });
    else await countRefund(em, payment, grossMinor);
    await restockRest(em, escrow.vendorOrderId);
    if (escrow.openDisputes > 0) await settleRestOfLines(em, escrow.vendorOrderId);
    const refundedMinor = escrow.refundedMinor + grossMinor;
    return { phase: 'refunded', rest: NO_AMOUNTS, refunds: refund, refundedMinor, pausedAt: null };
  });
}

/** The payment says how much of it went back; `payment` is locked. */
export async function countRefund(em: EntityManager, payment: Payment, amountMinor: number): Promise<void> {
  if (amountMinor === 0) return;
  const refundedMinor = payment.refundedMinor + amountMinor;
  const status = refundedMinor === payment.capturedMinor ? 'refunded' : payment.status;
  await em.nativeUpdate(Payment, { id: payment.id }, { refundedMinor, status, updatedAt: new Date() });
}

export function markCaptured(em: EntityManager, write: EscrowWrite & { chargeId: string }): Promise<StoredEscrow> {
  return writeOnce(em, write, { types: ['escrow.captured'] }, async (escrow) => {
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
