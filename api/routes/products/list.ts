/** GET /products: what is for sale, by text, category, price and distance. */

import { createRoute, z } from '@hono/zod-openapi';
import { PRODUCT_SORTS, searchProducts } from '../../../db/repositories/products.ts';
import { PRODUCT_KINDS } from '../../../db/statuses.ts';
import { endpoint } from '../../endpoint.ts';
import { publicCache } from '../../middleware/public-cache.ts';
import { ProductSchema, toProduct } from '../../resources/product.ts';
import { pageOf, pageQuery, queryInt, toPage } from '../../schemas/pages.ts';
import { json, problems } from '../../schemas/responses.ts';
import { idSchema, line, MAX_AMOUNT_MINOR, SlugSchema } from '../../schemas/values.ts';

const NearSchema = z
  .string()
  .regex(/^-?\d{1,2}(?:\.\d{1,9})?,-?\d{1,3}(?:\.\d{1,9})?$/, 'must be lat,lng')
  .transform((value) => {
    const [lat = 0, lng = 0] = value.split(',').map(Number);
    return { lat, lng };
  })
  .pipe(z.object({ lat: z.number().min(-90).max(90), lng: z.number().min(-180).max(180) }))
  .openapi({ type: 'string', example: '48.1374,11.5755' });

const QuerySchema = z.strictObject({
  q: line(200).optional(),
  category: SlugSchema.optional(),
  channel: SlugSchema.optional(),
  kind: z.enum(PRODUCT_KINDS).optional(),
  shopId: idSchema('shop').optional(),
  minPrice: queryInt(0, MAX_AMOUNT_MINOR).optional(),
  maxPrice: queryInt(0, MAX_AMOUNT_MINOR).optional(),
  near: NearSchema.optional(),
  radiusKm: queryInt(1, 20_000).default(50).openapi({ type: 'integer', default: 50 }),
  sort: z.enum(PRODUCT_SORTS).default('createdAt'),
  order: z.enum(['asc', 'desc']).default('desc'),
  ...pageQuery,
});

const route = createRoute({
  method: 'get',
  path: '/products',
  tags: ['Catalogue'],
  summary: 'Search products',
  description: 'Prices are in minor units of the currency of each channel.',
  middleware: publicCache,
  request: { query: QuerySchema },
  responses: { 200: json(pageOf(ProductSchema), 'One page of products'), ...problems(422) },
});

export const listProductsEndpoint = endpoint(route, async (c) => {
  const query = c.req.valid('query');
  const { rows, total } = await searchProducts(c.get('em'), query);
  const data = rows.map(({ product, listing }) => toProduct(product, listing));
  return c.json(toPage(data, query, total), 200);
});
