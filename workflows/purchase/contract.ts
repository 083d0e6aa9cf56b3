/** The door into the purchase workflow (chips for pesos): its id, its input, its messages. */

import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { PaymentId, PurchaseId, UserId } from '../../domain/ids.ts';
import type { PaymentProviderName } from '../../domain/policy/policy.ts';
import type { PurchaseStatus } from '../../domain/purchase.ts';
import type { Timeline } from '../../domain/timeline.ts';

export const PURCHASE_WORKFLOW_TYPE = 'purchaseWorkflow';

/** The workflow id is the business id. */
export const purchaseWorkflowId = (purchaseId: PurchaseId): string => `purchase/${purchaseId}`;

export type PurchaseInput = {
  purchaseId: PurchaseId;
  userId: UserId;
  /** The channel's slug. */
  channel: string;
  chips: number;
  provider: PaymentProviderName;
  /** Hash of the request: the same id with another request is refused. */
  requestHash: string;
  requestId: string;
};

export type PurchaseResult = { status: PurchaseStatus | 'rejected' };

/**
 * Begins the purchase: sent with the start (update-with-start). Answers once it is stored and there is something to pay.
 * Fails with: channel_not_found, markets_not_offered, chips_out_of_range, purchase_limit_reached,
 * payment_provider_not_offered, payment_provider_unavailable, idempotency_key_reused.
 */
export const beginUpdate = defineUpdate<{ purchaseId: PurchaseId; status: PurchaseStatus }, []>('begin');

/** Fact from the provider: the money is there. Amount in centavos. */
export const purchasePaidSignal = defineSignal<[PurchasePaid]>('purchasePaid');
export type PurchasePaid = { eventId: string; paymentId: PaymentId; amountMinor: number; chargeId: string | null };

/** Fact from the provider: an attempt was declined. The buyer may try again until the window ends. */
export const purchaseDeclinedSignal = defineSignal<[{ eventId: string; failureCode: string }]>('purchaseDeclined');

export const purchaseTimelineQuery = defineQuery<Timeline>('timeline');
