/** The door into the escrow workflow (one per vendor order): its id, its input, its messages. */

import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { AuthenticityDecision } from '../../domain/authenticity/case.ts';
import type { Currency } from '../../domain/currencies.ts';
import type { DisputeCase, DisputeId, DisputeReason, Settlement } from '../../domain/disputes/dispute.ts';
import type { Actor, EscrowStatus, NextActionKind } from '../../domain/escrow.ts';
import type { EscrowId, OrderId, PaymentId, UserId, VendorOrderId } from '../../domain/ids.ts';
import type { DigitalPolicy, HoldPolicy, Policy, PresetName } from '../../domain/policy/policy.ts';
import type { Timeline } from '../../domain/timeline.ts';

export const ESCROW_WORKFLOW_TYPE = 'escrowWorkflow';

export const escrowWorkflowId = (escrowId: EscrowId): string => `escrow/${escrowId}`;

export type EscrowInput = {
  escrowId: EscrowId;
  vendorOrderId: VendorOrderId;
  orderId: OrderId;
  buyerId: UserId;
  sellerId: UserId;
  preset: PresetName;
  currency: Currency;
  /** What the hold contains. */
  grossMinor: number;
  fulfilment: 'physical' | 'digital';
  policy: { hold: HoldPolicy; digital: DigitalPolicy | null; payoutMode: Policy['payout']['mode'] };
  /** The goods go to a verifier before they go to the buyer. */
  authenticity?: boolean;
  payment: { paymentId: PaymentId; captured: boolean; captureBefore: string | null };
  /** RFC 3339; the deadlines count from here. */
  paidAt: string;
  /** Present after a continue-as-new. */
  carried?: EscrowCarried;
};

/** Everything a running escrow knows, JSON-safe: it crosses a continue-as-new. Instants are RFC 3339. */
export type EscrowCarried = {
  /** Of this shape: a later shape must still read earlier ones. */
  format: 1;
  escrowVersion: number;
  status: EscrowStatus;
  captured: boolean;
  shipBy: string | null;
  deliveredBy: string | null;
  releaseAt: string | null;
  captureAt: string | null;
  pausedAt: string | null;
  accessedAt: string | null;
  seenEventIds: string[];
  history: Timeline['entries'];
  /** The rest are absent where the run before knew of no disputes. In minor units: what nobody contests. */
  restMinor?: number;
  /** Since when all that is left is contested. */
  frozenSince?: string | null;
  /** How many releases have been handed to the payout. */
  releases?: number;
  contested?: ContestedCarried;
  /** Absent where the goods go straight to the buyer, or have not been sent yet. */
  verifier?: VerifierCarried | null;
};

/** What a running escrow knows of the verifier leg of its goods. */
export type VerifierCarried = {
  decision: AuthenticityDecided | null;
  /** The difference of a lowered price has gone back. */
  lowered: boolean;
  /** The hold no longer waits for what is found. */
  left: boolean;
};

/** What a running escrow knows of its disputes and of its buyer's bank. */
export type ContestedCarried = {
  /** Disputes whose part is not settled yet, in the order they were opened. */
  disputes: { disputeId: DisputeId; frozenMinor: number }[];
  /** What has been decided and cannot be carried out yet. */
  decided: DisputeResolved[];
  chargebacks: OpenChargeback[];
  /** Decisions of the bank that came before the matter they decide. */
  closedEarly: EscrowChargebackClosed[];
  /** What the bank takes of which part, once its dispute has ended. */
  bankTakes: { disputeId: DisputeId; chargebackId: string; amountMinor: number }[];
};

/** A matter that the bank has not decided: which parts cover it, and how much of it none covers (yet). */
export type OpenChargeback = {
  chargebackId: string;
  amountMinor: number;
  uncoveredMinor: number;
  disputeIds: DisputeId[];
};

export type EscrowResult = { status: EscrowStatus };

/** Answer of every update: the escrow as it stands once the change is stored. */
export type EscrowSnapshot = {
  escrowId: EscrowId;
  /** As people see it: disputed while a part is contested. */
  status: EscrowStatus;
  paused: boolean;
  nextAction: { kind: NextActionKind; at: string | null };
};

type ByActor = { actor: Actor };
type WithReason = ByActor & { reason: string };

/** Seller has begun to prepare the goods: from here on the buyer can no longer cancel. Fails with illegal_transition. */
export const markProcessingUpdate = defineUpdate<EscrowSnapshot, [ByActor]>('markProcessing');

/** Seller hands the goods to a carrier. Fails with already_shipped, illegal_transition, hold_paused. */
export const shipUpdate = defineUpdate<EscrowSnapshot, [ShipInput]>('ship');
export type ShipInput = ByActor & { carrier: string; trackingNumber: string };

/** Seller (or an admin) reports delivery: the auto-release clock starts. Fails with illegal_transition. */
export const markDeliveredUpdate = defineUpdate<EscrowSnapshot, [ByActor]>('markDelivered');

/** Buyer accepts the goods: the hold is released now. Fails with illegal_transition, hold_already_releasing. */
export const confirmDeliveryUpdate = defineUpdate<EscrowSnapshot, [ByActor]>('confirmDelivery');

/** Full refund before shipping (seller, admin) or before processing (buyer). Fails with order_not_cancellable. */
export const cancelEscrowUpdate = defineUpdate<EscrowSnapshot, [WithReason]>('cancel');

/**
 * Admin moves the deadline of the current phase to a later instant, audited.
 * Fails with deadline_not_later, illegal_transition.
 */
export const extendUpdate = defineUpdate<EscrowSnapshot, [ExtendInput]>('extend');
export type ExtendInput = WithReason & { until: string };

/** Admin stops every clock of the hold, audited. Fails with hold_paused. */
export const pauseUpdate = defineUpdate<EscrowSnapshot, [WithReason]>('pause');

/** Admin starts the clocks again; deadlines move by the length of the pause. Fails with hold_not_paused. */
export const resumeUpdate = defineUpdate<EscrowSnapshot, [WithReason]>('resume');

/** Admin releases the hold to the seller, audited. Fails with hold_already_releasing, illegal_transition. */
export const releaseUpdate = defineUpdate<EscrowSnapshot, [WithReason]>('release');

/** Admin refunds the hold to the buyer, audited. Fails with hold_already_releasing, illegal_transition. */
export const refundUpdate = defineUpdate<EscrowSnapshot, [WithReason]>('refund');

/** Fact from the carrier. Only `delivered` moves the escrow; other news restarts the no-news clock. */
export const carrierReportedSignal = defineSignal<[CarrierReported]>('carrierReported');
export type CarrierReported = { eventId: string; status: 'in_transit' | 'delivered'; at: string };

/** Fact: the buyer has opened the digital goods for the first time. */
export const digitalAccessedSignal = defineSignal<[DigitalAccessed]>('digitalAccessed');
export type DigitalAccessed = { eventId: string; at: string };

/**
 * The buyer contests these units of these lines (none named: all that can still be contested). Only their share freezes; the
 * dispute workflow is running when this answers. Fails with the code of `openingRefusal` (forbidden, dispute_window_closed,
 * hold_already_releasing, line_already_disputed, line_released, quantity_out_of_range, not_delivered_yet, ...).
 */
export const openDisputeUpdate = defineUpdate<DisputeCase, [OpenDisputeInput]>('openDispute');
export type OpenDisputeInput = {
  /** Made by the caller from its idempotency key, so that a repeat is the same dispute. */
  disputeId: DisputeId;
  actor: Actor;
  reason: DisputeReason;
  description: string;
  lines: readonly { itemId: string; quantity: number }[];
};

/** Fact from a dispute of this escrow: it has ended, and this is what becomes of the part it had frozen. */
export const disputeResolvedSignal = defineSignal<[DisputeResolved]>('disputeResolved');
export type DisputeResolved = {
  eventId: string;
  /** When it ended, RFC 3339. */
  at: string;
  disputeId: DisputeId;
  settlement: Settlement;
  /** A replacement is on its way: the part goes on as shipped. */
  replacement: { carrier: string; trackingNumber: string } | null;
  /** The chargeback that took the money, where the settlement is `charged_back`. */
  chargebackId: string | null;
};

/** Fact: the bank takes this much of the hold back unless we win. Joins the open disputes; what they do not cover freezes too. */
export const chargebackOpenedSignal = defineSignal<[EscrowChargebackOpened]>('chargebackOpened');
export type EscrowChargebackOpened = { eventId: string; chargebackId: string; amountMinor: number };

/** Fact: the bank has decided about it. */
export const chargebackClosedSignal = defineSignal<[EscrowChargebackClosed]>('chargebackClosed');
export type EscrowChargebackClosed = { eventId: string; chargebackId: string; result: 'won' | 'lost' };

/** Fact from the verifier leg: it has ended, and this is what it comes to. */
export const authenticityDecidedSignal = defineSignal<[AuthenticityDecided]>('authenticityDecided');
export type AuthenticityDecided = { eventId: string } & AuthenticityDecision;

export const escrowTimelineQuery = defineQuery<Timeline>('timeline');
export const escrowSnapshotQuery = defineQuery<EscrowSnapshot>('snapshot');
