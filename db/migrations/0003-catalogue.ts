/** What is for sale, by whom, in which channel, and how much of it is left. */

import { Migration } from '@mikro-orm/migrations';

export class Catalogue extends Migration {
  override up(): void {
    this.addSql(`
create table channel (
  id text primary key,
  slug text not null constraint channel_slug_taken unique,
  name text not null,
  currency currency_code not null,
  preset text not null constraint channel_preset_known
    check (preset in ('pi-market', 'multi-vendor', 'fliiply', 'escrow-platform', 'pilimarket')),
  policy jsonb not null,
  policy_version int not null default 1,
  active boolean not null default true,
  created_at timestamptz not null default now()
);

create table shop (
  id text primary key,
  owner_id text not null references user_account (id),
  channel_id text not null references channel (id),
  name text not null,
  lat double precision constraint shop_lat_range check (lat between -90 and 90),
  lng double precision constraint shop_lng_range check (lng between -180 and 180),
  created_at timestamptz not null default now(),
  constraint shop_location_whole check ((lat is null) = (lng is null))
);
create index shop_owner on shop (owner_id);

create table product (
  id text primary key,
  shop_id text not null references shop (id),
  channel_id text not null references channel (id),
  title text not null,
  description text not null,
  kind text not null constraint product_kind_known check (kind in ('physical', 'digital')),
  category_slug text,
  attributes jsonb not null default '{}',
  digital_content text,
  status text not null default 'DRAFT'
    constraint product_status_known check (status in ('DRAFT', 'ACTIVE', 'UNDER_REVIEW', 'INACTIVE')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index product_shop on product (shop_id);
create index product_category on product (category_slug) where status = 'ACTIVE';
create index product_title_search on product using gin (title gin_trgm_ops);
create index product_description_search on product using gin (description gin_trgm_ops);

-- stock: units on hand, the reserved ones included. Paid: stock and reserved go down, sold goes up.
create table listing (
  id text primary key,
  product_id text not null references product (id),
  shop_id text not null references shop (id),
  channel_id text not null references channel (id),
  seller_id text not null references user_account (id),
  price_minor minor_units not null constraint listing_price_not_negative check (price_minor >= 0),
  currency currency_code not null,
  stock int not null,
  reserved int not null default 0,
  sold int not null default 0 constraint listing_sold_not_negative check (sold >= 0),
  status text not null default 'ACTIVE'
    constraint listing_status_known check (status in ('ACTIVE', 'INACTIVE', 'OUT_OF_STOCK')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint listing_reserved_within_stock check (0 <= reserved and reserved <= stock)
);
create index listing_product on listing (product_id);
create index listing_seller on listing (seller_id);
create index listing_price on listing (price_minor) where status = 'ACTIVE';
`);
  }
}
