/** The objects the simulator keeps, in PayMongo's own wire form: the parts that matter to somebody who integrates. */

import type { Delivery } from '../shared/dispatcher.ts';

type Resource<Type extends string, Attributes> = { id: string; type: Type; attributes: Attributes };

export type Metadata = Record<string, string> | null;

export const WALLETS = ['gcash', 'paymaya'] as const;
export type WalletType = (typeof WALLETS)[number];

/** Statuses as in https://developers.paymongo.com/docs/statuses-messages-webhook-events; amounts in centavos. */
export type IntentObject = Resource<
  'payment_intent',
  {
    amount: number;
    capture_type: 'automatic';
    client_key: string;
    currency: 'PHP';
    description: string | null;
    livemode: false;
    statement_descriptor: null;
    status: 'awaiting_payment_method' | 'awaiting_next_action' | 'processing' | 'succeeded' | 'cancelled';
    last_payment_error: { failed_code: string; failed_message: string } | null;
    payment_method_allowed: string[];
    next_action: { type: 'redirect'; redirect: { url: string; return_url: string } } | null;
    metadata: Metadata;
    created_at: number;
    updated_at: number;
  }
>;

export type MethodObject = Resource<
  'payment_method',
  { type: string; livemode: false; metadata: Metadata; created_at: number; updated_at: number }
>;

/** https://developers.paymongo.com/docs/creating-webhook shows it whole. */
export type PaymentObject = Resource<
  'payment',
  {
    amount: number;
    currency: 'PHP';
    description: string | null;
    disputed: false;
    failed_code?: string;
    failed_message?: string;
    fee: number;
    livemode: false;
    net_amount: number;
    origin: 'api';
    payment_intent_id: string;
    source: { id: string; type: string };
    status: 'paid' | 'failed';
    metadata: Metadata;
    created_at: number;
    paid_at: number;
    updated_at: number;
  }
>;

export type RefundObject = Resource<
  'refund',
  {
    amount: number;
    currency: 'PHP';
    livemode: false;
    metadata: Metadata;
    notes: string | null;
    payment_id: string;
    payout_id: null;
    reason: string;
    status: 'pending' | 'succeeded' | 'failed';
    created_at: number;
    refunded_at: number | null;
    updated_at: number;
  }
>;

export type EventObject = Resource<
  'event',
  {
    type: string;
    livemode: false;
    data: object;
    previous_data: Record<string, never>;
    pending_webhooks: number;
    created_at: number;
    updated_at: number;
  }
>;

/** The page on which the buyer approves one attempt. Its id is the secret part of its address. */
export type Approval = { id: string; intentId: string; methodId: string; lapsesAtMs: number };

export type Tables = {
  payment_intents: IntentObject;
  payment_methods: MethodObject;
  payments: PaymentObject;
  refunds: RefundObject;
  approvals: Approval;
  events: EventObject;
  deliveries: Delivery;
};
