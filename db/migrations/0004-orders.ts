/** Orders as people read them: the order, each vendor's part of it, its items and its escrow. */

import { Migration } from '@mikro-orm/migrations';

const ESCROW_STATUSES =
  "'held', 'processing', 'shipped', 'delivered', 'releasing', 'released', 'disputed', 'refunding', 'refunded', 'split'";

export class Orders extends Migration {
  override up(): void {
    this.addSql(`
create table orders (
  id text primary key,
  buyer_id text not null references user_account (id),
  channel_id text not null references channel (id),
  preset text not null constraint orders_preset_known
    check (preset in ('pi-market', 'multi-vendor', 'fliiply', 'escrow-platform', 'pilimarket')),
  status text not null constraint orders_status_known check (status in (
    'created', 'pending_payment', 'paid_in_escrow', 'processing', 'shipped', 'delivered', 'disputed', 'completed',
    'cancelled', 'refunded', 'partially_refunded', 'expired')),
  currency currency_code not null,
  items_minor minor_units not null,
  buyer_fee_minor minor_units not null,
  processing_minor minor_units not null,
  shipping_minor minor_units not null,
  tax_minor minor_units not null,
  total_minor minor_units not null,
  policy jsonb not null,
  policy_version int not null,
  shipping_address jsonb,
  request_hash text not null,
  payment_provider text not null
    constraint orders_payment_provider_known check (payment_provider in ('stripe', 'pi', 'wallet', 'gcash', 'paymaya')),
  payment_method text,
  payment_expires_at timestamptz not null,
  paid_at timestamptz,
  closed_at timestamptz,
  close_reason text,
  version int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint orders_amounts_not_negative
    check (least(items_minor, buyer_fee_minor, processing_minor, shipping_minor, tax_minor) >= 0),
  constraint orders_total_adds_up
    check (total_minor = items_minor + buyer_fee_minor + processing_minor + shipping_minor + tax_minor)
);
create index orders_buyer on orders (buyer_id, created_at desc, id desc);

-- gross: this vendor's share of the order's total, which is what its hold contains. net: what the vendor gets of it
-- at full release.
create table vendor_order (
  id text primary key,
  order_id text not null references orders (id),
  escrow_id text not null unique,
  shop_id text not null references shop (id),
  vendor_id text not null references user_account (id),
  buyer_id text not null references user_account (id),
  fulfilment text not null
    constraint vendor_order_fulfilment_known check (fulfilment in ('physical', 'digital')),
  status text not null constraint vendor_order_status_known
    check (status in ('pending_payment', ${ESCROW_STATUSES}, 'cancelled', 'expired')),
  currency currency_code not null,
  items_minor minor_units not null,
  commission_minor minor_units not null,
  buyer_fee_minor minor_units not null,
  processing_minor minor_units not null,
  shipping_minor minor_units not null,
  tax_minor minor_units not null,
  gross_minor minor_units not null,
  net_minor minor_units not null,
  carrier text,
  tracking_number text,
  cancel_reason text,
  version int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint vendor_order_amounts_not_negative check (
    least(items_minor, commission_minor, buyer_fee_minor, processing_minor, shipping_minor, tax_minor, net_minor) >= 0),
  constraint vendor_order_gross_adds_up
    check (gross_minor = items_minor + buyer_fee_minor + processing_minor + shipping_minor + tax_minor)
);
create index vendor_order_order on vendor_order (order_id);
create index vendor_order_vendor on vendor_order (vendor_id, created_at desc, id desc);

create table order_item (
  id text primary key,
  order_id text not null references orders (id),
  vendor_order_id text not null references vendor_order (id),
  listing_id text not null references listing (id),
  product_id text not null references product (id),
  title text not null,
  kind text not null constraint order_item_kind_known check (kind in ('physical', 'digital')),
  quantity int not null constraint order_item_quantity_positive check (quantity > 0),
  unit_price_minor minor_units not null,
  total_minor minor_units not null,
  commission_bps int not null,
  commission_minor minor_units not null,
  commission_rule text not null,
  constraint order_item_total_adds_up check (total_minor = unit_price_minor * quantity)
);
create index order_item_order on order_item (order_id);
create index order_item_vendor_order on order_item (vendor_order_id);
create index order_item_listing on order_item (listing_id);

create table escrow (
  id text primary key,
  order_id text not null references orders (id),
  vendor_order_id text not null unique references vendor_order (id),
  buyer_id text not null references user_account (id),
  seller_id text not null references user_account (id),
  status text not null constraint escrow_status_known check (status in (${ESCROW_STATUSES})),
  currency currency_code not null,
  held_minor minor_units not null,
  frozen_minor minor_units not null default 0,
  refunded_minor minor_units not null default 0,
  released_minor minor_units not null default 0,
  captured boolean not null,
  ship_by timestamptz,
  delivered_by timestamptz,
  release_at timestamptz,
  capture_at timestamptz,
  paused_at timestamptz,
  next_action_kind text not null constraint escrow_next_action_kind_known
    check (next_action_kind in ('cancel_and_refund', 'mark_delivered', 'release', 'none')),
  next_action_at timestamptz,
  payout_status text not null default 'none' constraint escrow_payout_status_known
    check (payout_status in ('none', 'in_wallet', 'waiting_for_account', 'paid')),
  accessed_at timestamptz,
  version int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint escrow_amounts_not_negative
    check (least(held_minor, frozen_minor, refunded_minor, released_minor) >= 0)
);
create index escrow_order on escrow (order_id);
`);
  }
}
