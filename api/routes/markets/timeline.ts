/** GET /markets/{id}/timeline: what happened to a market, what happens next by itself and who can change it. */

import { createRoute, z } from '@hono/zod-openapi';
import { listMarketEvents } from '../../../db/repositories/timeline.ts';
import { endpoint } from '../../endpoint.ts';
import { knowUser } from '../../middleware/auth.ts';
import { MarketTimelineSchema, toMarketTimeline } from '../../resources/market-timeline.ts';
import { cursorQuery } from '../../schemas/pages.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';
import { presentMarket, viewerOf } from './access.ts';
import { MarketParamsSchema } from './market-id.ts';

const route = createRoute({
  method: 'get',
  path: '/markets/{id}/timeline',
  tags: ['Markets'],
  summary: 'Show what happened to a market and what happens next',
  description: 'For everyone; who is signed in learns what they themselves can do (`yourMoves`).',
  security: [...bearer, {}],
  middleware: knowUser,
  request: { params: MarketParamsSchema, query: z.strictObject(cursorQuery) },
  responses: {
    200: json(MarketTimelineSchema, 'The facts in order, and what is to come'),
    ...problems(401, 404, 422),
  },
});

export const getMarketTimelineEndpoint = endpoint(route, async (c) => {
  const em = c.get('em');
  const { cursor = 0, limit } = c.req.valid('query');
  const rows = await presentMarket(em, c.req.valid('param').id);
  const viewer = await viewerOf(em, rows, c.get('user'));
  const events = await listMarketEvents(em, rows.market.id, { afterSeq: cursor, limit: limit + 1 });
  return c.json(toMarketTimeline({ rows, viewer, events, limit }), 200);
});
