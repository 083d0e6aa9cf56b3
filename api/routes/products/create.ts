/** POST /products: a product in one of the seller's shops, listed for sale at once. */

import { createRoute, z } from '@hono/zod-openapi';
import { newId } from '../../../db/new-id.ts';
import { findChannel } from '../../../db/repositories/channels.ts';
import { createProductWithListing } from '../../../db/repositories/products.ts';
import { findShop } from '../../../db/repositories/shops.ts';
import { PRODUCT_KINDS } from '../../../db/statuses.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { requireUser } from '../../middleware/auth.ts';
import { AttributesSchema, ProductSchema, toProduct } from '../../resources/product.ts';
import { bearer, json, jsonBody, problems } from '../../schemas/responses.ts';
import { exampleId, idSchema, line, MAX_STOCK, PriceSchema, SlugSchema, text } from '../../schemas/values.ts';

const CreateProductSchema = z
  .strictObject({
    shopId: idSchema('shop'),
    title: line(200),
    description: text(10_000),
    kind: z.enum(PRODUCT_KINDS),
    categorySlug: SlugSchema.optional(),
    price: PriceSchema,
    stock: z.int().min(0).max(MAX_STOCK),
    attributes: AttributesSchema.default({}),
    authenticity: z.boolean().default(false).openapi({
      description: 'The goods go to a verifier before they go to the buyer, where the channel has verifiers.',
    }),
    digitalContent: text(10_000)
      .optional()
      .openapi({ description: 'What buyers of a digital product get once they have paid.' }),
  })
  .refine((product) => product.kind === 'digital' || product.digitalContent === undefined, {
    path: ['digitalContent'],
    message: 'only digital products have digital content',
  })
  .openapi('CreateProduct', {
    example: {
      shopId: exampleId('shop'),
      title: 'Stoneware mug, 350 ml',
      description: 'Thrown by hand, dishwasher safe.',
      kind: 'physical',
      categorySlug: 'kitchen',
      price: { amountMinor: 1999, currency: 'USD' },
      stock: 12,
      attributes: { color: 'sand' },
    },
  });

const route = createRoute({
  method: 'post',
  path: '/products',
  tags: ['Catalogue'],
  summary: 'List a product for sale',
  security: bearer,
  middleware: requireUser,
  request: jsonBody(CreateProductSchema),
  responses: { 201: json(ProductSchema, 'The product with its listing'), ...problems(400, 401, 404, 415, 422) },
});

export const createProductEndpoint = endpoint(route, async (c) => {
  const { shopId, price, stock, categorySlug, digitalContent, authenticity, ...product } = c.req.valid('json');
  const em = c.get('em');
  const shop = await findShop(em, shopId);
  if (!shop || shop.ownerId !== currentUser(c).id) throw new ApiError('shop_not_found');
  const channel = await findChannel(em, shop.channelId);
  if (!channel?.active) throw new ApiError('channel_not_found');
  if (price.currency !== channel.currency) throw new ApiError('currency_not_supported');
  if (product.kind === 'digital' && channel.policy.digital === null) throw new ApiError('digital_not_offered');
  if (authenticity && (product.kind === 'digital' || !channel.policy.authenticity)) {
    throw new ApiError('authenticity_not_offered');
  }
  const created = await createProductWithListing(em, {
    product: {
      id: newId('product'),
      shopId,
      channelId: shop.channelId,
      ...product,
      categorySlug: categorySlug ?? null,
      digitalContent: digitalContent ?? null,
    },
    listing: {
      id: newId('listing'),
      sellerId: shop.ownerId,
      priceMinor: price.amountMinor,
      currency: price.currency,
      stock,
      authenticity,
    },
  });
  return c.json(toProduct(created.product, created.listing), 201);
});
