/** Changes that a seller makes to a listing. What orders do to its stock is their workflow's. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { Currency } from '../../domain/currencies.ts';
import type { Id, ListingId, UserId } from '../../domain/ids.ts';

type ListingChange = {
  listingId: ListingId;
  sellerId: UserId;
  price?: { amountMinor: number; currency: Currency };
  stock?: number;
  status?: 'ACTIVE' | 'INACTIVE';
};

export type ListingChanged =
  | { outcome: 'updated'; productId: Id<'product'> }
  | { outcome: 'not_found' | 'other_currency' | 'stock_below_reserved' };

/** Changes the seller's own listing in one statement, so that a reservation made meanwhile still counts. */
export async function updateListing(em: EntityManager, change: ListingChange): Promise<ListingChanged> {
  const { listingId, sellerId, price, stock = null, status = null } = change;
  const [updated] = await em.execute<{ product_id: Id<'product'> }[]>(
    `update listing set
       price_minor = coalesce(?::bigint, price_minor),
       stock = coalesce(?::int, stock),
       status = case
         when coalesce(?::text, status) = 'INACTIVE' then 'INACTIVE'
         when coalesce(?::int, stock) = 0 then 'OUT_OF_STOCK'
         else 'ACTIVE' end,
       updated_at = now()
     where id = ? and seller_id = ? and currency = coalesce(?::text, currency) and reserved <= coalesce(?::int, stock)
     returning product_id`,
    [price?.amountMinor ?? null, stock, status, stock, listingId, sellerId, price?.currency ?? null, stock],
  );
  if (updated) return { outcome: 'updated', productId: updated.product_id };
  const [own] = await em.execute<{ currency: Currency }[]>(
    `select currency from listing where id = ? and seller_id = ?`,
    [listingId, sellerId],
  );
  if (!own) return { outcome: 'not_found' };
  return { outcome: price && price.currency !== own.currency ? 'other_currency' : 'stock_below_reserved' };
}
