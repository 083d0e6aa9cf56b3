/** Listings with everything that an order freezes of them, in one query. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { Currency } from '../../domain/currencies.ts';
import type { Id, ListingId, UserId } from '../../domain/ids.ts';
import type { Policy, PresetName } from '../../domain/policy/policy.ts';
import { placesFor, prepared } from '../prepared.ts';
import type { ProductKind } from '../statuses.ts';

/** The business a listing is sold by. */
export type SellingChannel = { active: boolean; preset: PresetName; policy: Policy; policyVersion: number };

/** `open`: listing, product and seller are all active. Whether there is stock is decided when it is reserved. */
export type ListingForSale = {
  listingId: ListingId;
  productId: Id<'product'>;
  shopId: Id<'shop'>;
  channelId: Id<'channel'>;
  sellerId: UserId;
  sellerLevel: number;
  priceMinor: number;
  currency: Currency;
  title: string;
  kind: ProductKind;
  categorySlug: string | null;
  /** The seller asks for a verifier. */
  authenticity: boolean;
  open: boolean;
  channel: SellingChannel;
};

type Row = Omit<ListingForSale, 'priceMinor'> & { priceMinor: string };

/** Those of the ids that exist, in no order. */
export async function findListingsForSale(em: EntityManager, ids: readonly ListingId[]): Promise<ListingForSale[]> {
  if (ids.length === 0) return [];
  const rows = await prepared<Row>(
    em,
    `select l.id as "listingId", l.product_id as "productId", l.shop_id as "shopId", l.channel_id as "channelId",
            l.seller_id as "sellerId", u.level as "sellerLevel", l.price_minor as "priceMinor", l.currency,
            p.title, p.kind, p.category_slug as "categorySlug", l.authenticity,
            l.status <> 'INACTIVE' and p.status = 'ACTIVE' and u.status = 'active' as open,
            json_build_object('active', c.active, 'preset', c.preset, 'policy', c.policy,
                              'policyVersion', c.policy_version) as channel
     from listing l join product p on p.id = l.product_id join user_account u on u.id = l.seller_id
       join channel c on c.id = l.channel_id
     where l.id in (${placesFor(ids)})`,
    ids,
  );
  return rows.map((row) => ({ ...row, priceMinor: Number(row.priceMinor) }));
}
