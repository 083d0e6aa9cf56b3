/** The door into the order workflow: its id, its input, its messages. Nobody outside sees more. */

import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { ErrorCode } from '../../domain/error-codes.ts';
import type { Actor } from '../../domain/escrow.ts';
import type { EscrowId, ListingId, OrderId, PaymentId, UserId } from '../../domain/ids.ts';
import type { OrderStatus } from '../../domain/order.ts';
import type { PaymentProviderName } from '../../domain/policy/policy.ts';
import type { Timeline } from '../../domain/timeline.ts';

export const ORDER_WORKFLOW_TYPE = 'orderWorkflow';

/** The workflow id is the business id. */
export const orderWorkflowId = (orderId: OrderId): string => `order/${orderId}`;

export type OrderInput = {
  orderId: OrderId;
  buyerId: UserId;
  lines: readonly { listingId: ListingId; quantity: number }[];
  shippingAddress: ShippingAddress | null;
  payment: PaymentChoice;
  /** Hash of the request that placed the order: the same id with another request is refused. */
  requestHash: string;
  /** The request that caused this run, for logs. */
  requestId: string;
};

export type ShippingAddress = {
  name: string;
  line1: string;
  line2?: string;
  city: string;
  postalCode: string;
  region?: string;
  country: string;
};

export type PaymentChoice = { provider: PaymentProviderName; method: string | null };

/** `rejected`: never became an order; the refusal says why. */
export type OrderResult = { status: OrderStatus | 'rejected'; refusal?: { code: ErrorCode; message: string } };

/**
 * Places the order: sent with the start (update-with-start). Answers once the order is stored and its payment exists
 * at the provider; what to pay with is read from Postgres, so that no client secret enters a history.
 * Fails with: listing_not_found, listing_not_active, out_of_stock, lines_from_several_channels,
 * lines_from_several_shops, lines_of_several_kinds, digital_not_offered, own_listing, payment_provider_not_offered,
 * currency_not_supported, amount_out_of_range, payment_declined, payment_provider_unavailable.
 */
export const placeUpdate = defineUpdate<PlaceResult, []>('place');
export type PlaceResult = { orderId: OrderId; status: OrderStatus };

/**
 * Starts another attempt to pay, maybe with another method. The attempt before it is cancelled at the provider first.
 * Fails with: order_already_paid, order_not_open, payment_provider_not_offered, payment_provider_unavailable.
 */
export const retryPaymentUpdate = defineUpdate<{ paymentId: PaymentId }, [RetryPaymentInput]>('retryPayment');
export type RetryPaymentInput = PaymentChoice & { actor: Actor };

/**
 * Cancels an order that is not paid yet. Fails with: order_already_paid (the provider had the money already; the order
 * goes on as paid), order_not_open.
 */
export const cancelOrderUpdate = defineUpdate<{ status: OrderStatus }, [CancelOrderInput]>('cancel');
export type CancelOrderInput = { actor: Actor; reason: string };

/** Fact from the provider: this payment has the money (or, with `captured: false`, the authorisation for it). */
export const paymentSucceededSignal = defineSignal<[PaymentSucceeded]>('paymentSucceeded');
export type PaymentSucceeded = {
  /** The provider's event: at-least-once delivery is told apart by it. */
  eventId: string;
  paymentId: PaymentId;
  amountMinor: number;
  /** The provider's charge (`ch_...`), the source of later transfers. */
  chargeId: string | null;
  captured: boolean;
  /** When an authorisation that is not captured lapses, RFC 3339. */
  captureBefore: string | null;
};

/** Fact from the provider: this attempt was declined. The buyer may try again until the payment window ends. */
export const paymentFailedSignal = defineSignal<[PaymentFailed]>('paymentFailed');
export type PaymentFailed = { eventId: string; paymentId: PaymentId; failureCode: string };

/** What happened, what happens next by itself and when, and who can change it. */
export const orderTimelineQuery = defineQuery<Timeline>('timeline');

/** The state an operator sees. */
export const orderSnapshotQuery = defineQuery<OrderSnapshot>('snapshot');
export type OrderSnapshot = {
  orderId: OrderId;
  status: OrderStatus | 'rejected';
  paymentAttempts: number;
  escrowIds: EscrowId[];
};
