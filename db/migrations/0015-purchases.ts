/** Purchases of chips, and what went back of them. */

import { Migration } from '@mikro-orm/migrations';

export class Purchases extends Migration {
  override up(): void {
    this.addSql(`
-- A number that a rolled back step has drawn is left out.
create sequence purchase_receipt;

-- policy: the limits it was begun under. refunded_minor, chips_taken_back, chips_missing: what has gone back by refunds
-- and chargebacks, less what banks gave back.
create table purchase (
  id text primary key,
  user_id text not null references user_account (id),
  channel_id text not null references channel (id),
  chips minor_units not null constraint purchase_chips_positive check (chips > 0),
  amount_minor minor_units not null,
  currency currency_code not null constraint purchase_in_pesos check (currency = 'PHP'),
  provider text not null
    constraint purchase_provider_known check (provider in ('stripe', 'pi', 'wallet', 'gcash', 'paymaya')),
  status text not null default 'pending'
    constraint purchase_status_known check (status in ('pending', 'completed', 'failed', 'refunded')),
  payment_id text not null unique,
  provider_object_id text unique,
  charge_id text,
  client_secret text,
  approval_url text,
  payment_status text not null default 'created' constraint purchase_payment_status_known check (payment_status in (
    'created', 'requires_action', 'processing', 'authorized', 'succeeded', 'failed', 'cancelled', 'refunded',
    'late_refunded')),
  failure_code text,
  receipt_number text unique,
  refunded_minor minor_units not null default 0,
  chips_taken_back minor_units not null default 0,
  chips_missing minor_units not null default 0,
  policy jsonb not null,
  request_hash text not null,
  expires_at timestamptz not null,
  completed_at timestamptz,
  version int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint purchase_one_peso_a_chip check (amount_minor = chips * 100),
  constraint purchase_completed_with_receipt check (
    (status in ('completed', 'refunded')) = (completed_at is not null)
    and (completed_at is null) = (receipt_number is null)),
  constraint purchase_refunded_with_amount check ((status = 'refunded') = (refunded_minor > 0)),
  constraint purchase_gone_back_within_chips check (
    least(refunded_minor, chips_taken_back, chips_missing) >= 0 and chips_taken_back + chips_missing <= chips)
);
create index purchase_user on purchase (user_id, created_at desc, id desc);

-- A step of refunds or a chargeback, under its own key. taken_at: null for a chargeback that was over before it took anything.
create table purchase_event (
  purchase_id text not null references purchase (id),
  event text not null,
  kind text not null constraint purchase_event_kind_known check (kind in ('refund', 'chargeback')),
  amount_minor minor_units not null constraint purchase_event_amount_positive check (amount_minor > 0),
  chips minor_units not null,
  missing minor_units not null,
  fee_minor minor_units not null default 0,
  taken_at timestamptz,
  given_back_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (purchase_id, event),
  constraint purchase_event_not_negative check (least(chips, missing, fee_minor) >= 0),
  constraint purchase_event_taken_or_over check (
    taken_at is not null or (given_back_at is not null and chips = 0 and missing = 0)),
  constraint purchase_event_refunds_stay check (kind = 'chargeback' or given_back_at is null)
);
`);
  }
}
