/** Attempts to pay an order, and every request sent to a payment provider under its business key. */

import { Migration } from '@mikro-orm/migrations';

export class Payments extends Migration {
  override up(): void {
    this.addSql(`
create table payment (
  id text primary key,
  order_id text not null references orders (id),
  attempt int not null,
  provider text not null
    constraint payment_provider_known check (provider in ('stripe', 'pi', 'wallet', 'gcash', 'paymaya')),
  method text,
  provider_object_id text unique,
  charge_id text,
  client_secret text,
  approval_url text,
  status text not null constraint payment_status_known check (status in (
    'created', 'requires_action', 'processing', 'authorized', 'succeeded', 'failed', 'cancelled', 'refunded',
    'late_refunded')),
  amount_minor minor_units not null constraint payment_amount_not_negative check (amount_minor >= 0),
  currency currency_code not null,
  captured_minor minor_units not null default 0,
  refunded_minor minor_units not null default 0,
  failure_code text,
  capture_before timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (order_id, attempt)
);

create table provider_request (
  business_key text primary key,
  provider text not null
    constraint provider_request_provider_known check (provider in ('stripe', 'pi', 'wallet', 'gcash', 'paymaya')),
  operation text not null,
  request_hash text not null,
  object_id text,
  first_sent_at timestamptz not null default now(),
  completed_at timestamptz,
  outcome jsonb
);
`);
  }
}
