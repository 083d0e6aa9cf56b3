/** GET /orders/{id}/timeline: what happened, why the money is held, what happens next by itself and who can change it. */

import { createRoute, z } from '@hono/zod-openapi';
import { findDisputesOfOrder } from '../../../db/repositories/disputes.ts';
import { listOrderEvents } from '../../../db/repositories/timeline.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { TimelineSchema, toTimeline } from '../../resources/timeline.ts';
import { cursorQuery } from '../../schemas/pages.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';
import { visibleParts } from './access.ts';

const route = createRoute({
  method: 'get',
  path: '/orders/{id}/timeline',
  tags: ['Orders'],
  summary: 'Show what happened to an order and what happens next',
  description: 'The buyer sees the whole order; a seller sees it as far as their own part of it goes.',
  security: bearer,
  middleware: requireUser,
  request: { params: idParams('order'), query: z.strictObject(cursorQuery) },
  responses: { 200: json(TimelineSchema, 'The facts in order, and what is to come'), ...problems(401, 404, 422) },
});

export const getTimelineEndpoint = endpoint(route, async (c) => {
  const em = c.get('em');
  const { id } = c.req.valid('param');
  const { cursor = 0, limit } = c.req.valid('query');
  const { order, vendorOrders, escrows, actor } = await visibleParts(em, id, currentUser(c));
  const scope = { viewer: actor.role, escrowIds: vendorOrders.map(({ escrowId }) => escrowId) };
  const events = await listOrderEvents(em, id, { afterSeq: cursor, limit: limit + 1, ...scope });
  const disputes = await findDisputesOfOrder(em, id);
  return c.json(toTimeline({ order, vendorOrders, escrows, disputes, events, limit, viewer: actor.role }), 200);
});
