/** Products with their listings: what is for sale. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { Currency } from '../../domain/currencies.ts';
import type { Id, ListingId, UserId } from '../../domain/ids.ts';
import { Listing } from '../entities/listing.entity.ts';
import { Product } from '../entities/product.entity.ts';
import type { ProductKind } from '../statuses.ts';

export type ProductWithListing = { product: Product; listing: Listing };

type NewProduct = {
  product: {
    id: Id<'product'>;
    shopId: Id<'shop'>;
    channelId: Id<'channel'>;
    title: string;
    description: string;
    kind: ProductKind;
    categorySlug: string | null;
    attributes: Record<string, unknown>;
    digitalContent: string | null;
  };
  listing: {
    id: ListingId;
    sellerId: UserId;
    priceMinor: number;
    currency: Currency;
    stock: number;
    authenticity?: boolean;
  };
};

/** Stores a product, visible at once, and its listing. */
export function createProductWithListing(em: EntityManager, input: NewProduct): Promise<ProductWithListing> {
  const now = new Date();
  return em.transactional(async (tx) => {
    const product = tx.create(Product, { ...input.product, status: 'ACTIVE', createdAt: now, updatedAt: now });
    const listing = tx.create(Listing, {
      ...input.listing,
      productId: product.id,
      shopId: product.shopId,
      channelId: product.channelId,
      status: input.listing.stock === 0 ? 'OUT_OF_STOCK' : 'ACTIVE',
      createdAt: now,
      updatedAt: now,
    });
    await tx.persist([product, listing]).flush();
    return { product, listing };
  });
}

export async function findProductWithListing(em: EntityManager, id: Id<'product'>): Promise<ProductWithListing | null> {
  const product = await em.findOne(Product, { id });
  const listing = product && (await em.findOne(Listing, { productId: id }));
  return product && listing ? { product, listing } : null;
}

export const PRODUCT_SORTS = ['createdAt', 'price', 'title', 'distance'] as const;

export type ProductSearch = {
  q?: string;
  category?: string;
  channel?: string;
  kind?: ProductKind;
  shopId?: Id<'shop'>;
  minPrice?: number;
  maxPrice?: number;
  near?: { lat: number; lng: number };
  radiusKm: number;
  sort: (typeof PRODUCT_SORTS)[number];
  order: 'asc' | 'desc';
  page: number;
  limit: number;
};

/** Great-circle distance in km on a sphere of the Earth's mean radius; takes lat, lat, lng. */
const DISTANCE_KM = `6371 * 2 * asin(least(1, sqrt(
  power(sin(radians(s.lat - ?) / 2), 2)
  + cos(radians(?)) * cos(radians(s.lat)) * power(sin(radians(s.lng - ?) / 2), 2))))`;

/** One page of what is for sale, and how many there are in all. */
export async function searchProducts(
  em: EntityManager,
  search: ProductSearch,
): Promise<{ rows: ProductWithListing[]; total: number }> {
  const { conditions, params } = searchConditions(search);
  const from = `from product p join listing l on l.product_id = p.id join shop s on s.id = p.shop_id
    join channel c on c.id = p.channel_id where ${conditions.join(' and ')}`;
  const [count] = await em.execute<{ total: number }[]>(`select count(*)::int as total ${from}`, params);
  const ordering = searchOrder(search);
  const ids = await em.execute<{ product_id: Id<'product'> }[]>(
    `select p.id as product_id ${from} order by ${ordering.sql}, p.id desc limit ? offset ?`,
    [...params, ...ordering.params, search.limit, (search.page - 1) * search.limit],
  );
  const productIds = ids.map((row) => row.product_id);
  const products = await em.find(Product, { id: { $in: productIds } });
  const listings = await em.find(Listing, { productId: { $in: productIds } });
  const rows = productIds.flatMap((id) => {
    const product = products.find((row) => row.id === id);
    const listing = listings.find((row) => row.productId === id);
    return product && listing ? [{ product, listing }] : [];
  });
  return { rows, total: count?.total ?? 0 };
}

function searchConditions(search: ProductSearch): { conditions: string[]; params: (string | number)[] } {
  const conditions = [`p.status = 'ACTIVE'`, `l.status <> 'INACTIVE'`, 'c.active'];
  const params: (string | number)[] = [];
  const add = (condition: string, ...values: (string | number)[]): void => {
    conditions.push(condition);
    params.push(...values);
  };
  if (search.q !== undefined) {
    const pattern = `%${search.q.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
    add('(p.title ilike ? or p.description ilike ?)', pattern, pattern);
  }
  if (search.category !== undefined) add('p.category_slug = ?', search.category);
  if (search.channel !== undefined) add('c.slug = ?', search.channel);
  if (search.kind !== undefined) add('p.kind = ?', search.kind);
  if (search.shopId !== undefined) add('p.shop_id = ?', search.shopId);
  if (search.minPrice !== undefined) add('l.price_minor >= ?', search.minPrice);
  if (search.maxPrice !== undefined) add('l.price_minor <= ?', search.maxPrice);
  if (search.near) add(`${DISTANCE_KM} <= ?`, search.near.lat, search.near.lat, search.near.lng, search.radiusKm);
  return { conditions, params };
}

function searchOrder({ sort, order, near }: ProductSearch): { sql: string; params: number[] } {
  if (sort === 'price') return { sql: `l.price_minor ${order}`, params: [] };
  if (sort === 'title') return { sql: `p.title ${order}`, params: [] };
  if (sort === 'distance' && near) return { sql: `${DISTANCE_KM} ${order}`, params: [near.lat, near.lat, near.lng] };
  return { sql: `p.created_at ${order}`, params: [] };
}
