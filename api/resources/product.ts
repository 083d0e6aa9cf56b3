/** A product with what it costs and whether it can be had; never what a digital product contains. */

import { z } from '@hono/zod-openapi';
import type { Listing } from '../../db/entities/listing.entity.ts';
import type { Product } from '../../db/entities/product.entity.ts';
import { LISTING_STATUSES, PRODUCT_KINDS, PRODUCT_STATUSES } from '../../db/statuses.ts';
import { exampleId, InstantSchema, idSchema, MoneySchema } from '../schemas/values.ts';

/** Free attributes (`color: red`): flat, so that they can be filtered and shown. */
export const AttributesSchema = z
  .record(z.string().regex(/^[\w .-]{1,64}$/), z.union([z.string().max(1_000), z.number(), z.boolean()]))
  .refine((attributes) => Object.keys(attributes).length <= 50, 'at most 50 attributes');

export const ProductSchema = z
  .strictObject({
    id: idSchema('product'),
    listingId: idSchema('listing'),
    shopId: idSchema('shop'),
    channelId: idSchema('channel'),
    sellerId: idSchema('user'),
    title: z.string(),
    description: z.string(),
    kind: z.enum(PRODUCT_KINDS),
    categorySlug: z.string().nullable(),
    attributes: z.record(z.string(), z.unknown()),
    status: z.enum(PRODUCT_STATUSES),
    price: MoneySchema,
    stock: z.int(),
    available: z.int(),
    listingStatus: z.enum(LISTING_STATUSES),
    /** The goods go to a verifier before they go to the buyer. */
    authenticity: z.boolean(),
    createdAt: InstantSchema,
  })
  .openapi('Product', {
    example: {
      id: exampleId('product'),
      listingId: exampleId('listing'),
      shopId: exampleId('shop'),
      channelId: exampleId('channel'),
      sellerId: exampleId('user'),
      title: 'Stoneware mug, 350 ml',
      description: 'Thrown by hand, dishwasher safe.',
      kind: 'physical',
      categorySlug: 'kitchen',
      attributes: { color: 'sand' },
      status: 'ACTIVE',
      price: { amountMinor: 1999, currency: 'USD' },
      stock: 12,
      available: 10,
      listingStatus: 'ACTIVE',
      authenticity: false,
      createdAt: '2026-03-01T12:00:00.000Z',
    },
  });

export function toProduct(product: Product, listing: Listing): z.infer<typeof ProductSchema> {
  return {
    id: product.id,
    listingId: listing.id,
    shopId: product.shopId,
    channelId: product.channelId,
    sellerId: listing.sellerId,
    title: product.title,
    description: product.description,
    kind: product.kind,
    categorySlug: product.categorySlug ?? null,
    attributes: product.attributes,
    status: product.status,
    price: { amountMinor: listing.priceMinor, currency: listing.currency },
    stock: listing.stock,
    available: listing.stock - listing.reserved,
    listingStatus: listing.status,
    authenticity: listing.authenticity,
    createdAt: product.createdAt.toISOString(),
  };
}
