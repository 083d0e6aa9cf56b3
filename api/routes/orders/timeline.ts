/** GET /orders/{id}/timeline: what happened, why the money is held, what happens next by itself and who can change it. */

import { createRoute, z } from '@hono/zod-openapi';
import { findEscrowsOfOrder } from '../../../db/repositories/escrows.ts';
import { listOrderEvents } from '../../../db/repositories/timeline.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { TimelineSchema, toTimeline } from '../../resources/timeline.ts';
import { cursorQuery } from '../../schemas/pages.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';
import { reloadOrder, visibleOrder } from './access.ts';

const route = createRoute({
  method: 'get',
  path: '/orders/{id}/timeline',
  tags: ['Orders'],
  summary: 'Show what happened to an order and what happens next',
  security: bearer,
  middleware: requireUser,
  request: { params: idParams('order'), query: z.strictObject(cursorQuery) },
  responses: { 200: json(TimelineSchema, 'The facts in order, and what is to come'), ...problems(401, 404, 422) },
});

export const getTimelineEndpoint = endpoint(route, async (c) => {
  const em = c.get('em');
  const { id } = c.req.valid('param');
  const { cursor = 0, limit } = c.req.valid('query');
  await visibleOrder(em, id, currentUser(c));
  const events = await listOrderEvents(em, id, { afterSeq: cursor, limit: limit + 1 });
  const { order, vendorOrders } = await reloadOrder(em, id);
  const escrows = await findEscrowsOfOrder(em, id);
  return c.json(toTimeline({ order, vendorOrders, escrows, events, limit }), 200);
});
