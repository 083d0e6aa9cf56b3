/** GET /shops/{id}: a shop, for everyone. */

import { createRoute } from '@hono/zod-openapi';
import { findShop } from '../../../db/repositories/shops.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { publicCache } from '../../middleware/public-cache.ts';
import { ShopSchema, toShop } from '../../resources/shop.ts';
import { json, problems } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';

const route = createRoute({
  method: 'get',
  path: '/shops/{id}',
  tags: ['Catalogue'],
  summary: 'Show a shop',
  middleware: publicCache,
  request: { params: idParams('shop') },
  responses: { 200: json(ShopSchema, 'The shop'), ...problems(404) },
});

export const getShopEndpoint = endpoint(route, async (c) => {
  const shop = await findShop(c.get('em'), c.req.valid('param').id);
  if (!shop) throw new ApiError('shop_not_found');
  return c.json(toShop(shop), 200);
});
