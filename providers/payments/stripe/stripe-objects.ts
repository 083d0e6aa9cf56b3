/** From Stripe's objects to the port's. */

import type Stripe from 'stripe';
import { type Currency, isCurrency } from '../../../domain/currencies.ts';
import { isId, type PaymentId } from '../../../domain/ids.ts';
import { fromStripeAmount } from '../../../domain/stripe-amounts.ts';
import type {
  PaymentSubject,
  ProviderChargeback,
  ProviderChargebackStatus,
  ProviderPayment,
  ProviderPaymentStatus,
  ProviderRefund,
  ProviderRefundStatus,
  ProviderReversal,
  ProviderTransfer,
} from '../port.ts';
import { ProviderError } from '../provider-error.ts';

const PAYMENT_STATUSES: Readonly<Record<string, ProviderPaymentStatus>> = {
  requires_payment_method: 'requires_payment_method',
  // The buyer's page confirms; until then it is as good as unpaid.
  requires_confirmation: 'requires_payment_method',
  requires_action: 'requires_action',
  processing: 'processing',
  requires_capture: 'authorized',
  succeeded: 'succeeded',
  canceled: 'cancelled',
};

const REFUND_STATUSES: Readonly<Record<string, ProviderRefundStatus>> = {
  pending: 'pending',
  requires_action: 'requires_action',
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'cancelled',
};

/**
 * An inquiry (`warning_…`) is open like a chargeback: it asks for the same evidence and may become one. One that ends
 * without, and one that was prevented, has taken nothing.
 */
const CHARGEBACK_STATUSES: Readonly<Record<string, ProviderChargebackStatus>> = {
  warning_needs_response: 'open',
  warning_under_review: 'open',
  warning_closed: 'won',
  needs_response: 'open',
  under_review: 'open',
  appeal_needs_response: 'open',
  appeal_under_review: 'open',
  prevented: 'won',
  won: 'won',
  lost: 'lost',
};

/** A PaymentIntent whose `latest_charge` is expanded. */
export function toProviderPayment(intent: Stripe.PaymentIntent): ProviderPayment {
  const currency = toCurrency(intent.currency);
  const status = PAYMENT_STATUSES[intent.status];
  if (!status) throw unknownValue();
  const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : null;
  const captureBefore = charge?.payment_method_details?.card?.capture_before;
  const failure = intent.last_payment_error;
  return {
    providerObjectId: intent.id,
    paymentId: paymentIdOf(intent),
    subjectId: subjectIdOf(intent),
    status,
    amountMinor: fromStripeAmount(intent.amount, currency),
    amountReceivedMinor: fromStripeAmount(intent.amount_received, currency),
    amountRefundedMinor: fromStripeAmount(charge?.amount_refunded ?? 0, currency),
    currency,
    // A declined attempt leaves a failed charge behind, which is no source of anything.
    chargeId: charge?.status === 'succeeded' ? charge.id : null,
    captureBefore: status === 'authorized' && captureBefore ? new Date(captureBefore * 1000).toISOString() : null,
    clientSecret: intent.client_secret,
    approvalUrl: intent.next_action?.redirect_to_url?.url ?? null,
    failureCode: failure ? failure.decline_code || failure.code || 'payment_failed' : null,
  };
}

export function toProviderRefund(refund: Stripe.Refund): ProviderRefund {
  const status = REFUND_STATUSES[refund.status ?? 'pending'];
  if (!status) throw unknownValue();
  return { id: refund.id, status, amountMinor: fromStripeAmount(refund.amount, toCurrency(refund.currency)) };
}

export function toProviderTransfer(transfer: Stripe.Transfer): ProviderTransfer {
  return { id: transfer.id, amountMinor: fromStripeAmount(transfer.amount, toCurrency(transfer.currency)) };
}

export function toProviderReversal(reversal: Stripe.TransferReversal): ProviderReversal {
  return { id: reversal.id, amountMinor: fromStripeAmount(reversal.amount, toCurrency(reversal.currency)) };
}

/** Fees in another currency than the chargeback's are left out: our books have them where the balance is kept. */
export function toProviderChargeback(dispute: Stripe.Dispute): ProviderChargeback {
  const currency = toCurrency(dispute.currency);
  const status = CHARGEBACK_STATUSES[dispute.status];
  if (!status) throw unknownValue();
  const { due_by: dueBy, past_due: pastDue, submission_count: submissions } = dispute.evidence_details;
  const fee = dispute.balance_transactions
    .filter((transaction) => transaction.currency === dispute.currency)
    .reduce((sum, transaction) => sum + transaction.fee, 0);
  const { payment_intent: intent, charge } = dispute;
  return {
    id: dispute.id,
    providerPaymentId: typeof intent === 'string' ? intent : (intent?.id ?? null),
    chargeId: typeof charge === 'string' ? charge : charge.id,
    amountMinor: fromStripeAmount(dispute.amount, currency),
    currency,
    status,
    withdrawn: dispute.balance_transactions.reduce((sum, { amount }) => sum + amount, 0) < 0,
    reason: dispute.reason,
    evidenceDueBy: dueBy && !pastDue ? new Date(dueBy * 1000).toISOString() : null,
    evidenceSent: submissions > 0,
    feeMinor: fromStripeAmount(Math.max(0, fee), currency),
  };
}

function paymentIdOf({ metadata }: Stripe.PaymentIntent): PaymentId | null {
  const id = metadata.payment_id;
  return id !== undefined && isId('payment', id) ? id : null;
}

function subjectIdOf({ metadata }: Stripe.PaymentIntent): PaymentSubject | null {
  const { order_id: order, purchase_id: purchase } = metadata;
  if (order !== undefined && isId('order', order)) return order;
  return purchase !== undefined && isId('purchase', purchase) ? purchase : null;
}

function toCurrency(code: string): Currency {
  const currency = code.toUpperCase();
  if (!isCurrency(currency)) throw unknownValue();
  return currency;
}

function unknownValue(): ProviderError {
  return new ProviderError({ kind: 'invalid', code: 'unknown_value_from_provider', retryable: false });
}
