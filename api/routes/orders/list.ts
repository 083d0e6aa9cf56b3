/** GET /orders: what the signed-in user has ordered. */

import { createRoute, z } from '@hono/zod-openapi';
import { listOrders } from '../../../db/repositories/orders.ts';
import { ORDER_STATUSES } from '../../../domain/order.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { OrderSchema, toOrder } from '../../resources/order.ts';
import { pageOf, pageQuery, toPage } from '../../schemas/pages.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';

const QuerySchema = z.strictObject({
  status: z.enum(ORDER_STATUSES).optional(),
  sort: z.enum(['createdAt']).default('createdAt'),
  order: z.enum(['asc', 'desc']).default('desc'),
  ...pageQuery,
});

const route = createRoute({
  method: 'get',
  path: '/orders',
  tags: ['Orders'],
  summary: 'List my orders',
  security: bearer,
  middleware: requireUser,
  request: { query: QuerySchema },
  responses: { 200: json(pageOf(OrderSchema), 'One page of orders'), ...problems(401, 422) },
});

export const listOrdersEndpoint = endpoint(route, async (c) => {
  const query = c.req.valid('query');
  const { rows, total } = await listOrders(c.get('em'), currentUser(c).id, query);
  return c.json(toPage(rows.map(toOrder), query, total), 200);
});
