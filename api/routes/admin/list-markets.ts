/** GET /admin/markets: what waits for a moderator, those first whose time is up first. */

import { createRoute, z } from '@hono/zod-openapi';
import { findForecastMarkets, listMarketQueue, MARKET_NEEDS } from '../../../db/repositories/markets.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { requireModerator } from '../../middleware/auth.ts';
import { QueuedMarketSchema, toQueuedMarket } from '../../resources/queued-market.ts';
import { pageOf, pageQuery, toPage } from '../../schemas/pages.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';

const QuerySchema = z.strictObject({ needs: z.enum(MARKET_NEEDS).optional(), ...pageQuery });

const route = createRoute({
  method: 'get',
  path: '/admin/markets',
  tags: ['Administration'],
  summary: 'List the markets that wait for a moderator',
  description:
    '`resolution`: closed, and nobody has proposed the outcome. `decision`: the proposed outcome is challenged.',
  security: bearer,
  middleware: requireModerator,
  request: { query: QuerySchema },
  responses: { 200: json(pageOf(QueuedMarketSchema), 'One page of markets'), ...problems(401, 403, 422) },
});

export const listMarketQueueEndpoint = endpoint(route, async (c) => {
  const [em, user, query] = [c.get('em'), currentUser(c), c.req.valid('query')];
  const { rows, total } = await listMarketQueue(em, query);
  const theirs = await findForecastMarkets(
    em,
    user.id,
    rows.map(({ market }) => market.id),
  );
  const data = rows.map((row) => toQueuedMarket(row, { id: user.id, forecaster: theirs.has(row.market.id) }));
  return c.json(toPage(data, query, total), 200);
});
