/** PayMongo's objects as far as they are read, and what they are to the port. Amounts are centavos on both sides. */

import { z } from 'zod';
import { isCurrency } from '../../../domain/currencies.ts';
import { isId, type PaymentId } from '../../../domain/ids.ts';
import type {
  PaymentSubject,
  ProviderPayment,
  ProviderPaymentStatus,
  ProviderRefund,
  ProviderRefundStatus,
} from '../port.ts';
import { invalid } from './paymongo-errors.ts';

const metadata = z.record(z.string(), z.unknown()).nullish();

/** https://developers.paymongo.com/v1/reference/refund-resource */
export const refundSchema = z.object({
  id: z.string(),
  attributes: z.object({ amount: z.int(), status: z.string(), payment_id: z.string(), metadata }),
});

/** https://developers.paymongo.com/reference/payment-source; the refunds as in the event payment.refunded. */
export const paymentSchema = z.object({
  id: z.string(),
  attributes: z.object({
    amount: z.int(),
    status: z.string(),
    failed_code: z.string().nullish(),
    payment_intent_id: z.string().nullish(),
    refunds: z.array(refundSchema).nullish(),
  }),
});

/** https://developers.paymongo.com/v1/reference/the-payment-intent-object */
export const intentSchema = z.object({
  id: z.string(),
  attributes: z.object({
    amount: z.int(),
    currency: z.string(),
    status: z.string(),
    payments: z.array(paymentSchema).nullish(),
    last_payment_error: z.object({ failed_code: z.string().nullish(), code: z.string().nullish() }).nullish(),
    next_action: z.object({ redirect: z.object({ url: z.string() }).nullish() }).nullish(),
    metadata,
  }),
});

export const methodSchema = z.object({ id: z.string() });

export type Intent = z.infer<typeof intentSchema>;
export type Payment = z.infer<typeof paymentSchema>;
export type Refund = z.infer<typeof refundSchema>;

/** https://developers.paymongo.com/docs/statuses-messages-webhook-events */
const PAYMENT_STATUSES: Readonly<Record<string, ProviderPaymentStatus>> = {
  awaiting_payment_method: 'requires_payment_method',
  awaiting_next_action: 'requires_action',
  processing: 'processing',
  succeeded: 'succeeded',
  cancelled: 'cancelled',
};

const REFUND_STATUSES: Readonly<Record<string, ProviderRefundStatus>> = {
  pending: 'pending',
  processing: 'pending',
  succeeded: 'succeeded',
  failed: 'failed',
};

/** The payment of an intent that has the money; null before. */
export function paidPaymentOf({ attributes }: Intent): Payment | null {
  return attributes.payments?.find((payment) => payment.attributes.status === 'paid') ?? null;
}

/** What refunds with one of these statuses come to, in centavos. */
export function refundedOf({ attributes }: Payment, statuses: readonly ProviderRefundStatus[]): number {
  return (attributes.refunds ?? [])
    .filter((refund) => statuses.includes(refundStatusOf(refund)))
    .reduce((sum, refund) => sum + refund.attributes.amount, 0);
}

/**
 * The client key is kept back: with it and the public key a browser could attach another attempt to the intent. The
 * buyer needs only the address, and so nobody but us decides whether an intent may be tried once more.
 */
export function toProviderPayment(intent: Intent): ProviderPayment {
  const {
    amount,
    currency,
    status,
    next_action: nextAction,
    last_payment_error: failure,
    payments,
  } = intent.attributes;
  const ours = PAYMENT_STATUSES[status];
  if (!ours || !isCurrency(currency)) throw invalid('unknown_value_from_provider');
  const paid = paidPaymentOf(intent);
  const failedCode = payments?.findLast((payment) => payment.attributes.status === 'failed')?.attributes.failed_code;
  const code = failure ? (failure.failed_code ?? failure.code ?? failedCode ?? 'payment_failed') : (failedCode ?? null);
  return {
    providerObjectId: intent.id,
    paymentId: paymentIdOf(intent),
    subjectId: subjectIdOf(intent),
    status: ours,
    amountMinor: amount,
    amountReceivedMinor: paid?.attributes.amount ?? (ours === 'succeeded' ? amount : 0),
    amountRefundedMinor: paid ? refundedOf(paid, ['succeeded']) : 0,
    currency,
    chargeId: paid?.id ?? null,
    captureBefore: null,
    clientSecret: null,
    approvalUrl: ours === 'requires_action' ? (nextAction?.redirect?.url ?? null) : null,
    failureCode: ours === 'requires_payment_method' ? code : null,
  };
}

export function toProviderRefund(refund: Refund): ProviderRefund {
  return { id: refund.id, status: refundStatusOf(refund), amountMinor: refund.attributes.amount };
}

function refundStatusOf({ attributes }: Refund): ProviderRefundStatus {
  const status = REFUND_STATUSES[attributes.status];
  if (!status) throw invalid('unknown_value_from_provider');
  return status;
}

function paymentIdOf({ attributes }: Intent): PaymentId | null {
  const id = attributes.metadata?.payment_id;
  return typeof id === 'string' && isId('payment', id) ? id : null;
}

function subjectIdOf({ attributes }: Intent): PaymentSubject | null {
  const { order_id: order, purchase_id: purchase } = attributes.metadata ?? {};
  if (typeof order === 'string' && isId('order', order)) return order;
  return typeof purchase === 'string' && isId('purchase', purchase) ? purchase : null;
}
