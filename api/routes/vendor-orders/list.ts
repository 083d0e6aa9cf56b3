/** GET /vendor-orders: what the signed-in seller has to fulfil. */

import { createRoute, z } from '@hono/zod-openapi';
import { listVendorOrders } from '../../../db/repositories/vendor-orders.ts';
import { VENDOR_ORDER_STATUSES } from '../../../domain/escrow.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { toVendorOrder, VendorOrderSchema } from '../../resources/vendor-order.ts';
import { pageOf, pageQuery, toPage } from '../../schemas/pages.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';

const QuerySchema = z.strictObject({
  status: z.enum(VENDOR_ORDER_STATUSES).optional(),
  sort: z.enum(['createdAt']).default('createdAt'),
  order: z.enum(['asc', 'desc']).default('desc'),
  ...pageQuery,
});

const route = createRoute({
  method: 'get',
  path: '/vendor-orders',
  tags: ['Vendor orders'],
  summary: 'List the orders of my shops',
  security: bearer,
  middleware: requireUser,
  request: { query: QuerySchema },
  responses: { 200: json(pageOf(VendorOrderSchema), 'One page of vendor orders'), ...problems(401, 422) },
});

export const listVendorOrdersEndpoint = endpoint(route, async (c) => {
  const query = c.req.valid('query');
  const { rows, total } = await listVendorOrders(c.get('em'), currentUser(c).id, query);
  const data = rows.map(toVendorOrder);
  return c.json(toPage(data, query, total), 200);
});
