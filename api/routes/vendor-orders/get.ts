/** GET /vendor-orders/{id}: one vendor's part of an order, for its parties. */

import { createRoute } from '@hono/zod-openapi';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { toVendorOrder, VendorOrderSchema } from '../../resources/vendor-order.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';
import { visibleVendorOrder } from './access.ts';

const route = createRoute({
  method: 'get',
  path: '/vendor-orders/{id}',
  tags: ['Vendor orders'],
  summary: 'Show a vendor order',
  security: bearer,
  middleware: requireUser,
  request: { params: idParams('vendorOrder') },
  responses: { 200: json(VendorOrderSchema, 'The vendor order'), ...problems(401, 404) },
});

export const getVendorOrderEndpoint = endpoint(route, async (c) => {
  const rows = await visibleVendorOrder(c.get('em'), c.req.valid('param').id, currentUser(c));
  return c.json(toVendorOrder(rows), 200);
});
