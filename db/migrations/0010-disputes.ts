/** Disputes: parts of holds that are frozen until they are decided, what the parties say of them, and what was sealed. */

import { Migration } from '@mikro-orm/migrations';

export class Disputes extends Migration {
  override up(): void {
    this.addSql(`
-- phase: how far the hold itself has come; status: what people see, which is 'disputed' while a part is contested.
-- rest: the components of what nobody contests and nobody has been paid yet. Null: all that was paid in.
alter table escrow
  add column phase text,
  add column rest jsonb,
  add column open_disputes int not null default 0 constraint escrow_open_disputes_not_negative check (open_disputes >= 0),
  add column frozen_since timestamptz,
  add column releases int not null default 0 constraint escrow_releases_not_negative check (releases >= 0),
  add column refunds int not null default 0 constraint escrow_refunds_not_negative check (refunds >= 0),
  add column charged_back_minor minor_units not null default 0;
update escrow set phase = status,
  releases = case when status = 'released' then 1 else 0 end,
  refunds = case when status = 'refunded' then 1 else 0 end,
  rest = case when status in ('released', 'refunded', 'split') then '{"itemsMinor": 0, "commissionMinor": 0,
    "buyerFeeMinor": 0, "processingMinor": 0, "shippingMinor": 0, "taxMinor": 0, "grossMinor": 0, "netMinor": 0}'::jsonb end;
alter table escrow
  alter column phase set not null,
  add constraint escrow_phase_known check (phase in (
    'held', 'processing', 'shipped', 'delivered', 'releasing', 'released', 'refunding', 'refunded', 'split')),
  add constraint escrow_charged_back_not_negative check (charged_back_minor >= 0),
  -- Every minor unit of the hold is somewhere, and in one place only.
  add constraint escrow_parts_add_up check (
    held_minor = coalesce((rest ->> 'grossMinor')::bigint, held_minor) + frozen_minor + released_minor + refunded_minor
      + charged_back_minor),
  add constraint escrow_disputed_while_contested check (
    (status = 'disputed') = (open_disputes > 0) and (open_disputes > 0) = (frozen_minor > 0));

-- settled: units whose money left the hold with its rest, while others of the hold were contested, and that money.
-- restocked: units that never left and are for sale again.
alter table order_item
  add column settled_quantity int not null default 0,
  add column settled_items_minor minor_units not null default 0,
  add column settled_commission_minor minor_units not null default 0,
  add column restocked_quantity int not null default 0,
  add constraint order_item_settled_within check (settled_quantity between 0 and quantity),
  add constraint order_item_restocked_within check (restocked_quantity between 0 and quantity);
update order_item i set restocked_quantity = i.quantity from vendor_order v
  where v.id = i.vendor_order_id and v.status = 'refunded' and v.tracking_number is null and v.fulfilment = 'physical';

alter table domain_event drop constraint domain_event_actor_role_known;
alter table domain_event add constraint domain_event_actor_role_known
  check (actor_role in ('buyer', 'seller', 'admin', 'verifier', 'system', 'carrier', 'provider'));

-- content: the case as the domain's rules know it; the columns beside it are what people look for.
create table dispute (
  id text primary key,
  escrow_id text not null references escrow (id),
  order_id text not null references orders (id),
  vendor_order_id text not null references vendor_order (id),
  buyer_id text not null references user_account (id),
  seller_id text not null references user_account (id),
  preset text not null constraint dispute_preset_known
    check (preset in ('pi-market', 'multi-vendor', 'fliiply', 'escrow-platform', 'pilimarket')),
  opened_by text not null constraint dispute_opened_by_known check (opened_by in ('buyer', 'provider')),
  reason text not null constraint dispute_reason_known check (reason in (
    'not_received', 'not_as_described', 'damaged', 'wrong_item', 'incomplete', 'counterfeit', 'not_working', 'other',
    'chargeback')),
  description text not null,
  phase text not null constraint dispute_phase_known check (phase in (
    'seller_response', 'mediation', 'decided', 'review', 'final', 'awaiting_replacement', 'awaiting_return',
    'return_sent', 'resolved', 'withdrawn')),
  currency currency_code not null,
  frozen_minor minor_units not null constraint dispute_frozen_positive check (frozen_minor > 0),
  -- The components of the frozen part; they add up to frozen_minor.
  part jsonb not null,
  content jsonb not null,
  claimed_by text references user_account (id),
  deadline_at timestamptz,
  chargeback_id text,
  version int not null default 1,
  -- What became of the part, once its money has moved (or is back in the hold).
  settlement text constraint dispute_settlement_known
    check (settlement in ('split', 'hold_goes_on', 'charged_back')),
  buyer_minor minor_units,
  opened_at timestamptz not null,
  closed_at timestamptz,
  settled_at timestamptz,
  updated_at timestamptz not null default now(),
  constraint dispute_settled_with_outcome check ((settlement is null) = (settled_at is null)),
  constraint dispute_part_adds_up check ((part ->> 'grossMinor')::bigint = frozen_minor),
  constraint dispute_buyer_within_part check (
    (buyer_minor is not null) = (settlement in ('split', 'charged_back') and settlement is not null)
    and coalesce(buyer_minor, 0) between 0 and frozen_minor)
);
create index dispute_escrow on dispute (escrow_id);
create index dispute_order on dispute (order_id);
create index dispute_queue on dispute (deadline_at, id) where closed_at is null;
create index dispute_buyer on dispute (buyer_id, opened_at desc, id desc);
create index dispute_seller on dispute (seller_id, opened_at desc, id desc);

-- Which units of which line a dispute is about; freed when a replacement was sent for them.
create table dispute_line (
  dispute_id text not null references dispute (id),
  order_item_id text not null references order_item (id),
  quantity int not null constraint dispute_line_quantity_positive check (quantity > 0),
  items_minor minor_units not null,
  commission_minor minor_units not null,
  freed boolean not null default false,
  primary key (dispute_id, order_item_id)
);
create index dispute_line_item on dispute_line (order_item_id);

create table dispute_message (
  id text primary key,
  dispute_id text not null references dispute (id),
  phase text not null,
  author_role text not null constraint dispute_message_author_role_known
    check (author_role in ('buyer', 'seller', 'admin', 'verifier')),
  author_id text not null references user_account (id),
  body text not null,
  at timestamptz not null default now()
);
create index dispute_message_dispute on dispute_message (dispute_id, id);
revoke update, delete on dispute_message from holdfast_app;

-- Files as they were brought, with the hash of their bytes. Nobody changes or removes one.
create table dispute_evidence (
  id text primary key,
  dispute_id text not null references dispute (id),
  phase text not null,
  author_role text not null constraint dispute_evidence_author_role_known
    check (author_role in ('buyer', 'seller', 'admin', 'verifier', 'system')),
  author_id text not null,
  file_name text not null,
  media_type text not null,
  size_bytes int not null constraint dispute_evidence_size_positive check (size_bytes > 0),
  sha256 text not null,
  bytes bytea not null,
  at timestamptz not null default now(),
  unique (dispute_id, sha256)
);
revoke update, delete on dispute_evidence from holdfast_app;

-- The files of a phase that has ended, as text, and the hash of that text, chained to the phase before.
create table dispute_seal (
  dispute_id text not null references dispute (id),
  seq int not null,
  phase text not null,
  manifest text not null,
  seal text not null,
  previous_seal text,
  sealed_at timestamptz not null,
  primary key (dispute_id, seq)
);
revoke update, delete on dispute_seal from holdfast_app;
`);
  }
}
