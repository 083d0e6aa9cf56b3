/** The money of an order is there: one journal, reserved → sold, and one escrow row per vendor order. */

import { raw } from '@mikro-orm/postgresql';
import { Escrow } from '../../db/entities/escrow.entity.ts';
import { Order } from '../../db/entities/order.entity.ts';
import { Payment } from '../../db/entities/payment.entity.ts';
import { VendorOrder } from '../../db/entities/vendor-order.entity.ts';
import { postJournals } from '../../db/ledger/post.ts';
import type { EntityManager } from '../../db/orm.ts';
import { findOrderOfPayment, lockOrder } from '../../db/repositories/orders.ts';
import { type Write, writeTogether } from '../../db/write-together.ts';
import { canMoveOrder } from '../../domain/order.ts';
import { paymentAuthorised, paymentCaptured } from '../../domain/postings.ts';
import type { PaymentSucceeded } from '../../workflows/order/contract.ts';
import { refuse } from '../refuse.ts';
import type { MarkPaidInput, MarkPaidResult } from './order-records.ts';
import { toldFacts } from './tell.ts';

export async function markPaid(em: EntityManager, { orderId, arrival }: MarkPaidInput): Promise<MarkPaidResult> {
  await lockOrder(em, orderId);
  const found = await findOrderOfPayment(em, orderId, arrival.paymentId);
  if (!found) throw new Error(`${arrival.paymentId} is no payment of ${orderId}`);
  const { order, vendorOrders, payment } = found;
  if (order.paidAt && isTaken(payment)) return { status: order.status, paidAt: order.paidAt.toISOString() };
  if (!canMoveOrder(order.status, 'paid_in_escrow')) return { status: order.status, paidAt: null };
  if (arrival.amountMinor !== order.totalMinor) {
    throw refuse(
      'payment_amount_mismatch',
      `the payment has ${arrival.amountMinor}, the order costs ${order.totalMinor}`,
    );
  }
  const now = new Date();
  await postJournals(em, [paidJournal(order, payment, vendorOrders, arrival)]);
  const escrows = vendorOrders.map((vendorOrder) => freshEscrow(order, vendorOrder, arrival, now));
  const actor = { role: 'provider', id: payment.provider } as const;
  await writeTogether(em, [
    paidPayment(em, payment, arrival, now),
    em
      .createQueryBuilder(Order)
      .update({ status: 'paid_in_escrow', paidAt: now, updatedAt: now })
      .where({ id: orderId })
      .toRaw(),
    em.createQueryBuilder(VendorOrder).update({ status: 'held', updatedAt: now }).where({ orderId }).toRaw(),
    em.createQueryBuilder(Escrow).insert(escrows).toRaw(),
    soldGoods(orderId),
    toldFacts([
      { type: 'order.paid', orderId, actor, at: now, data: { paymentId: payment.id, captured: arrival.captured } },
      ...vendorOrders.map(({ escrowId }) => ({ type: 'escrow.held' as const, orderId, escrowId, actor, at: now })),
    ]),
  ]);
  return { status: 'paid_in_escrow', paidAt: now.toISOString() };
}

function isTaken({ status }: Payment): boolean {
  return status === 'succeeded' || status === 'authorized';
}

function paidPayment(em: EntityManager, { id }: Payment, arrival: PaymentSucceeded, now: Date): Write {
  return em
    .createQueryBuilder(Payment)
    .update({
      status: arrival.captured ? 'succeeded' : 'authorized',
      capturedMinor: arrival.captured ? arrival.amountMinor : 0,
      chargeId: arrival.chargeId,
      captureBefore: arrival.captureBefore === null ? null : new Date(arrival.captureBefore),
      failureCode: null,
      updatedAt: now,
    })
    .where({ id })
    .toRaw();
}

function paidJournal(order: Order, payment: Payment, vendorOrders: VendorOrder[], { captured }: PaymentSucceeded) {
  if (!payment.providerObjectId) throw new Error(`payment ${payment.id} has no object at its provider`);
  const facts = {
    orderId: order.id,
    paymentId: payment.id,
    provider: payment.provider,
    buyerId: order.buyerId,
    currency: order.currency,
    externalRef: payment.providerObjectId,
    holds: vendorOrders.map(({ escrowId, grossMinor }) => ({ escrowId, grossMinor })),
  };
  return captured ? paymentCaptured(facts) : paymentAuthorised(facts);
}

function freshEscrow(order: Order, vendorOrder: VendorOrder, arrival: PaymentSucceeded, now: Date) {
  const { hold } = order.policy;
  const shipBy = vendorOrder.fulfilment === 'physical' ? new Date(now.getTime() + hold.shipWithinMs) : null;
  return {
    id: vendorOrder.escrowId,
    orderId: order.id,
    vendorOrderId: vendorOrder.id,
    buyerId: vendorOrder.buyerId,
    sellerId: vendorOrder.vendorId,
    status: 'held' as const,
    phase: 'held' as const,
    currency: vendorOrder.currency,
    heldMinor: vendorOrder.grossMinor,
    captured: arrival.captured,
    shipBy,
    captureAt:
      arrival.captureBefore === null ? null : new Date(Date.parse(arrival.captureBefore) - hold.captureBeforeExpiryMs),
    nextActionKind: shipBy ? ('cancel_and_refund' as const) : ('none' as const),
    nextActionAt: shipBy,
  };
}

/** Reserved becomes sold, in id order as everywhere, so that orders never wait for each other in a circle. */
function soldGoods(orderId: string): Write {
  return raw(
    `with bought as (select listing_id, sum(quantity)::int as quantity from order_item where order_id = ? group by listing_id),
          locked as (select l.id, b.quantity from listing l join bought b on b.listing_id = l.id order by l.id for no key update of l)
     update listing l set stock = l.stock - locked.quantity, reserved = l.reserved - locked.quantity,
       sold = l.sold + locked.quantity, updated_at = now()
     from locked where l.id = locked.id`,
    [orderId],
  );
}
