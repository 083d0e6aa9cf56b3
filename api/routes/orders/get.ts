/** GET /orders/{id}: an order with its latest payment. */

import { createRoute } from '@hono/zod-openapi';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { OrderWithPaymentSchema, toOrderWithPayment } from '../../resources/order.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';
import { visibleOrderRows } from './access.ts';

const route = createRoute({
  method: 'get',
  path: '/orders/{id}',
  tags: ['Orders'],
  summary: 'Show an order',
  security: bearer,
  middleware: requireUser,
  request: { params: idParams('order') },
  responses: { 200: json(OrderWithPaymentSchema, 'The order'), ...problems(401, 404) },
});

export const getOrderEndpoint = endpoint(route, async (c) => {
  const { id } = c.req.valid('param');
  return c.json(toOrderWithPayment(await visibleOrderRows(c.get('em'), id, currentUser(c))), 200);
});
