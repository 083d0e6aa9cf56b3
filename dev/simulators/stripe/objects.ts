/** The objects the simulator keeps, in Stripe's own wire form: the parts of the package's types that we use. */

import type Stripe from 'stripe';
import type { Delivery } from '../shared/dispatcher.ts';

export type PaymentIntentStatus =
  | 'requires_payment_method'
  | 'requires_action'
  | 'requires_capture'
  | 'succeeded'
  | 'canceled';

export type PaymentIntentObject = Pick<
  Stripe.PaymentIntent,
  | 'id'
  | 'object'
  | 'amount'
  | 'amount_capturable'
  | 'amount_received'
  | 'canceled_at'
  | 'created'
  | 'currency'
  | 'description'
  | 'livemode'
  | 'metadata'
  | 'next_action'
  | 'payment_method_types'
  | 'transfer_group'
> & {
  status: PaymentIntentStatus;
  allowed_payment_method_types: string[] | null;
  cancellation_reason: string | null;
  capture_method: 'automatic' | 'manual';
  client_secret: string;
  last_payment_error: PaymentError | null;
  latest_charge: string | null;
  payment_method: string | null;
};

export type PaymentError = {
  type: 'card_error' | 'invalid_request_error';
  code: string;
  decline_code?: string;
  message: string;
  charge?: string;
};

export type ChargeObject = Pick<
  Stripe.Charge,
  | 'id'
  | 'object'
  | 'amount'
  | 'amount_captured'
  | 'amount_refunded'
  | 'captured'
  | 'created'
  | 'currency'
  | 'description'
  | 'disputed'
  | 'failure_code'
  | 'failure_message'
  | 'livemode'
  | 'metadata'
  | 'paid'
  | 'payment_method'
  | 'refunded'
  | 'transfer_group'
> & {
  status: 'succeeded' | 'failed';
  balance_transaction: string | null;
  payment_intent: string;
  payment_method_details: {
    type: string;
    card?: { brand: string; last4: string; country: string; funding: string; network: string; capture_before?: number };
  };
};

export type RefundObject = Pick<Stripe.Refund, 'id' | 'object' | 'amount' | 'created' | 'currency'> & {
  balance_transaction: string | null;
  charge: string;
  failure_reason?: string;
  metadata: Record<string, string>;
  payment_intent: string;
  reason: string | null;
  status: 'pending' | 'succeeded' | 'failed';
};

export type TransferObject = Pick<
  Stripe.Transfer,
  | 'id'
  | 'object'
  | 'amount'
  | 'amount_reversed'
  | 'created'
  | 'currency'
  | 'description'
  | 'livemode'
  | 'metadata'
  | 'reversed'
  | 'transfer_group'
> & { balance_transaction: string; destination: string; source_transaction: string | null };

export type TransferReversalObject = Pick<
  Stripe.TransferReversal,
  'id' | 'object' | 'amount' | 'created' | 'currency'
> & {
  balance_transaction: string;
  metadata: Record<string, string>;
  transfer: string;
};

/** What one dispute did to the platform's balance: `fee` is part of what was taken. */
type DisputeBalanceTransaction = Pick<
  Stripe.BalanceTransaction,
  'id' | 'object' | 'amount' | 'created' | 'currency' | 'description' | 'fee' | 'net'
> & { source: string; type: 'adjustment' };

export type DisputeObject = Pick<
  Stripe.Dispute,
  'id' | 'object' | 'amount' | 'created' | 'currency' | 'is_charge_refundable' | 'livemode' | 'metadata' | 'reason'
> & {
  balance_transactions: DisputeBalanceTransaction[];
  charge: string;
  evidence: Record<string, string>;
  evidence_details: { due_by: number; has_evidence: boolean; past_due: boolean; submission_count: number };
  payment_intent: string;
  status: 'needs_response' | 'under_review' | 'won' | 'lost';
};

export type AccountObject = {
  id: string;
  object: 'account';
  type: 'express';
  country: string;
  created: number;
  default_currency: string;
  email: string | null;
  charges_enabled: boolean;
  payouts_enabled: boolean;
  details_submitted: boolean;
  capabilities: { transfers: 'active' | 'inactive' | 'pending' };
  metadata: Record<string, string>;
};

export type EventObject = {
  id: string;
  object: 'event';
  api_version: string;
  account?: string;
  created: number;
  data: { object: object };
  livemode: false;
  pending_webhooks: number;
  request: { id: null; idempotency_key: null };
  type: string;
};

/** Our platform's own account, where charges land. */
export const PLATFORM = 'platform';

/** A movement on one account's balance; `availableOn` and `createdMs` are epoch milliseconds, amounts Stripe's. */
export type BalanceMove = {
  id: string;
  account: string;
  currency: string;
  net: number;
  availableOn: number;
  source: string;
};

/** What an idempotency key has been answered with. `createdMs`: epoch milliseconds. */
export type StoredAnswer = {
  id: string;
  paramsHash: string;
  status: number;
  body: string;
  requestId: string;
  createdMs: number;
};

/** How much of a charge has been sent on by transfers that name it as their source. */
export type ChargeUse = { id: string; transferred: number };

export type Tables = {
  payment_intents: PaymentIntentObject;
  charges: ChargeObject;
  charge_uses: ChargeUse;
  refunds: RefundObject;
  transfers: TransferObject;
  transfer_reversals: TransferReversalObject;
  disputes: DisputeObject;
  accounts: AccountObject;
  balance_moves: BalanceMove;
  events: EventObject;
  stored_answers: StoredAnswer;
  deliveries: Delivery;
};

export type TableName = keyof Tables;
