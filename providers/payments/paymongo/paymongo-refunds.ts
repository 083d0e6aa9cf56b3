/** Refunds of GCash and Maya payments (https://developers.paymongo.com/docs/payment-acceptance-refunds). */

import type { FindRefundInput, PaymentProvider } from '../port.ts';
import { ProviderError } from '../provider-error.ts';
import type { PayMongoClient } from './paymongo-client.ts';
import { invalid } from './paymongo-errors.ts';
import {
  intentSchema,
  type Payment,
  paidPaymentOf,
  paymentSchema,
  type Refund,
  refundedOf,
  refundSchema,
  toProviderRefund,
} from './paymongo-objects.ts';
import { pathId } from './paymongo-payments.ts';

/** The refund half of the port. */
export function createPayMongoRefunds(client: PayMongoClient): Pick<PaymentProvider, 'refund' | 'findRefund'> {
  /** The paid payment with its refunds; null before the money was there. */
  async function paidPayment(providerObjectId: string): Promise<Payment | null> {
    const intent = await client.get(`/payment_intents/${pathId(providerObjectId)}`, intentSchema);
    const paid = paidPaymentOf(intent);
    return paid && (await client.get(`/payments/${pathId(paid.id)}`, paymentSchema));
  }

  return {
    /**
     * There are no idempotency keys, so a refund with this reference is looked for first. Should an earlier request
     * still be on its way in, PayMongo refuses a second one while the first is pending, and more than is left at any
     * time (https://developers.paymongo.com/docs/refund-errors).
     */
    async refund({ providerObjectId, amountMinor, currency, reference }) {
      if (currency !== 'PHP') throw invalid('currency_mismatch');
      const payment = await paidPayment(providerObjectId);
      if (!payment) throw new ProviderError({ kind: 'conflict', code: 'payment_not_paid', retryable: false });
      const made = refundWith(payment, reference);
      if (made) return toProviderRefund(made);
      const left = payment.attributes.amount - refundedOf(payment, ['pending', 'succeeded']);
      if (left <= 0) throw new ProviderError({ kind: 'conflict', code: 'payment_already_refunded', retryable: false });
      if (amountMinor > left) throw invalid('amount_exceeds_what_is_left');
      const refund = await client.post('/refunds', refundSchema, {
        amount: amountMinor,
        payment_id: payment.id,
        reason: 'others',
        notes: reference.slice(0, NOTES_MAX),
        metadata: { reference },
      });
      return toProviderRefund(refund);
    },

    async findRefund({ providerObjectId, reference }: FindRefundInput) {
      const payment = await paidPayment(providerObjectId);
      const made = payment && refundWith(payment, reference);
      return made ? toProviderRefund(made) : null;
    },
  };
}

const NOTES_MAX = 255;

/** A refund that failed has given nothing back: it does not count as made. */
function refundWith({ attributes }: Payment, reference: string): Refund | undefined {
  return attributes.refunds?.find(
    (refund) => refund.attributes.metadata?.reference === reference && refund.attributes.status !== 'failed',
  );
}
