/** The door into the chargeback workflow (one per chargeback at a provider): its id, its input, its messages. */

import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Currency } from '../../domain/currencies.ts';
import type { OrderId, PaymentId } from '../../domain/ids.ts';
import type { Timeline } from '../../domain/timeline.ts';

export const CHARGEBACK_WORKFLOW_TYPE = 'chargebackWorkflow';

/** `chargebackId` is the provider's id of it (`dp_…` at Stripe). */
export const chargebackWorkflowId = (chargebackId: string): string => `chargeback/${chargebackId}`;

/** A chargeback as it was when we first heard of it. */
export type ChargebackInput = {
  chargebackId: string;
  paymentId: PaymentId;
  orderId: OrderId;
  currency: Currency;
  /** What the bank takes back, in minor units. */
  amountMinor: number;
  /** The bank's word for it. */
  reason: string;
  /** Evidence counts until then, RFC 3339; null where the bank hears nobody. */
  evidenceDueBy: string | null;
};

/** What a provider says of a chargeback: undecided, in our favour, or the money is gone. */
export type ChargebackStatus = 'open' | 'won' | 'lost';

/** Fact from the provider, fetched when a webhook came; started with it (signal-with-start). */
export const chargebackReportedSignal = defineSignal<[ChargebackReported]>('chargebackReported');
export type ChargebackReported = { eventId: string; status: ChargebackStatus; feeMinor: number };

/** Admin sends what has been collected to the bank now, instead of shortly before it is due. Fails with dispute_closed. */
export const submitEvidenceUpdate = defineUpdate<{ submittedAt: string }, [{ adminId: string }]>('submitEvidence');

export type ChargebackResult = { status: Exclude<ChargebackStatus, 'open'> };

export const chargebackTimelineQuery = defineQuery<Timeline>('timeline');
