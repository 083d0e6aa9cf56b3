/** Everything that is asked of a payment provider on behalf of an order or its escrows. */

import type { DisputeId } from '../domain/disputes/dispute.ts';
import type { EscrowId, OrderId, PaymentId } from '../domain/ids.ts';
import type { PaymentProviderName } from '../domain/policy/policy.ts';
import type { PaymentSucceeded } from '../workflows/order/contract.ts';
import type { RefundedHold } from './records/escrow-records.ts';

/** The n-th try to pay an order, from 1. */
export type PaymentAttempt = { orderId: OrderId; attempt: number };

export type CreatePaymentInput = PaymentAttempt & { provider: PaymentProviderName; method: string | null };

/** Not cancelled: the provider had the money (or its authorisation) first. */
export type CancelPaymentResult = { cancelled: true } | { cancelled: false; arrival: PaymentSucceeded };

/** Not captured: the authorisation has lapsed and nothing was charged. */
export type CaptureHoldResult = { captured: true; chargeId: string } | { captured: false };

export type PaymentActivities = {
  /** Makes the payment a buyer then confirms. Fails with order_not_open, payment_provider_unavailable, amount_out_of_range. */
  createPayment(input: CreatePaymentInput): Promise<{ paymentId: PaymentId }>;
  /** Makes sure that an attempt can take no more money, or tells that it already has. */
  cancelPayment(input: PaymentAttempt): Promise<CancelPaymentResult>;
  /** Charges the authorised card behind a hold. */
  captureHold(input: { escrowId: EscrowId }): Promise<CaptureHoldResult>;
  /** Pays what nobody contests of a hold that is being refunded back to the buyer, or gives up its authorisation. */
  refundHold(input: { escrowId: EscrowId }): Promise<RefundedHold>;
  /** Pays `amountMinor` of the part that a dispute froze back to the buyer; null where nothing had to be paid. */
  refundPart(input: { disputeId: DisputeId; amountMinor: number }): Promise<{ refundId: string | null }>;
  /** Pays back what a buyer took goods for less. */
  refundLowerPrice(input: { escrowId: EscrowId; amountMinor: number }): Promise<{ refundId: string }>;
  /** Sends back money that arrived for an order that had ended, or twice. */
  refundLatePayment(input: { paymentId: PaymentId }): Promise<void>;
};
