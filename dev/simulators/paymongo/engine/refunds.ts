/** Refunds: money back to the buyer's wallet, never more than the payment took. */

import type { Metadata, PaymentObject, RefundObject } from '../objects.ts';
import { noSuch, PayMongoFault, wrongState } from '../paymongo-fault.ts';
import { newPayMongoId, nowSeconds, type Simulation } from '../simulation.ts';

export type NewRefund = {
  payment_id: string;
  amount: number;
  reason: string;
  notes?: string | undefined;
  metadata?: Metadata | undefined;
};

/** One at a time for each payment: https://developers.paymongo.com/docs/refund-errors */
export function createRefund(simulation: Simulation, asked: NewRefund): RefundObject {
  const payment = requirePayment(simulation, asked.payment_id);
  if (payment.attributes.status !== 'paid') {
    throw wrongState('failed', 'Only a payment in paid state can be refunded.');
  }
  const made = refundsOf(simulation, payment.id);
  if (made.some(({ attributes }) => attributes.status === 'pending')) {
    throw wrongState('pending', 'A previous refund request for this payment is still pending.');
  }
  const refunded = made
    .filter(({ attributes }) => attributes.status === 'succeeded')
    .reduce((sum, { attributes }) => sum + attributes.amount, 0);
  if (asked.amount > payment.attributes.amount - refunded) {
    const detail = 'Amount is greater than the remaining refundable value.';
    throw new PayMongoFault(400, 'parameter_above_maximum', detail, 'amount');
  }
  const now = nowSeconds(simulation);
  const refund = simulation.store.put('refunds', {
    id: newPayMongoId('ref'),
    type: 'refund',
    attributes: {
      amount: asked.amount,
      currency: 'PHP',
      livemode: false,
      metadata: asked.metadata ?? null,
      notes: asked.notes ?? null,
      payment_id: payment.id,
      payout_id: null,
      reason: asked.reason,
      status: 'pending',
      created_at: now,
      refunded_at: null,
      updated_at: now,
    },
  });
  return simulation.settings.refundsPend ? refund : settleRefund(simulation, refund.id, 'succeeded');
}

/** GCash or Maya has decided. */
export function settleRefund(simulation: Simulation, id: string, status: 'succeeded' | 'failed'): RefundObject {
  const refund = requireRefund(simulation, id);
  if (refund.attributes.status !== 'pending') throw wrongState(refund.attributes.status, 'The refund is settled.');
  const now = nowSeconds(simulation);
  const settled = simulation.store.put('refunds', {
    ...refund,
    attributes: { ...refund.attributes, status, refunded_at: status === 'succeeded' ? now : null, updated_at: now },
  });
  simulation.emit('payment.refund.updated', settled);
  if (status === 'succeeded') {
    const payment = requirePayment(simulation, refund.attributes.payment_id);
    simulation.emit('payment.refunded', withRefunds(simulation, payment));
  }
  return settled;
}

export function requirePayment({ store }: Simulation, id: string): PaymentObject {
  const payment = store.get('payments', id);
  if (!payment) throw noSuch('payment', id);
  return payment;
}

export function requireRefund({ store }: Simulation, id: string): RefundObject {
  const refund = store.get('refunds', id);
  if (!refund) throw noSuch('refund', id);
  return refund;
}

/** The payment as PayMongo shows it, its refunds within. */
export function withRefunds(simulation: Simulation, payment: PaymentObject) {
  return { ...payment, attributes: { ...payment.attributes, refunds: refundsOf(simulation, payment.id) } };
}

function refundsOf({ store }: Simulation, paymentId: string): RefundObject[] {
  return store.all('refunds').filter(({ attributes }) => attributes.payment_id === paymentId);
}
