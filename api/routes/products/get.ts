/** GET /products/{id}: a product with its listing, for everyone. */

import { createRoute } from '@hono/zod-openapi';
import { findProductWithListing } from '../../../db/repositories/products.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { publicCache } from '../../middleware/public-cache.ts';
import { ProductSchema, toProduct } from '../../resources/product.ts';
import { json, problems } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';

const route = createRoute({
  method: 'get',
  path: '/products/{id}',
  tags: ['Catalogue'],
  summary: 'Show a product',
  middleware: publicCache,
  request: { params: idParams('product') },
  responses: { 200: json(ProductSchema, 'The product'), ...problems(404) },
});

export const getProductEndpoint = endpoint(route, async (c) => {
  const found = await findProductWithListing(c.get('em'), c.req.valid('param').id);
  if (found?.product.status !== 'ACTIVE') throw new ApiError('not_found');
  return c.json(toProduct(found.product, found.listing), 200);
});
