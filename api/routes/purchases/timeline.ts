/** GET /purchases/{id}/timeline: what happened to a purchase, and what happens next by itself. */

import { createRoute, z } from '@hono/zod-openapi';
import { listPurchaseEvents } from '../../../db/repositories/purchases.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { PurchaseTimelineSchema, toPurchaseTimeline } from '../../resources/purchase.ts';
import { cursorQuery } from '../../schemas/pages.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';
import { visiblePurchase } from './access.ts';

const route = createRoute({
  method: 'get',
  path: '/purchases/{id}/timeline',
  tags: ['Purchases'],
  summary: 'Show what happened to a purchase and what happens next',
  security: bearer,
  middleware: requireUser,
  request: { params: idParams('purchase'), query: z.strictObject(cursorQuery) },
  responses: {
    200: json(PurchaseTimelineSchema, 'The facts in order, and what is to come'),
    ...problems(401, 404, 422),
  },
});

export const getPurchaseTimelineEndpoint = endpoint(route, async (c) => {
  const em = c.get('em');
  const { id } = c.req.valid('param');
  const { cursor = 0, limit } = c.req.valid('query');
  const purchase = await visiblePurchase(em, id, currentUser(c));
  const events = await listPurchaseEvents(em, id, { afterSeq: cursor, limit: limit + 1 });
  return c.json(toPurchaseTimeline(purchase, events, limit), 200);
});
