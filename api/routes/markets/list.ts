/** GET /markets: what can be forecast, and what was. */

import { createRoute, z } from '@hono/zod-openapi';
import { MARKET_SORTS, searchMarkets } from '../../../db/repositories/markets.ts';
import { MARKET_CATEGORIES, MARKET_STATUSES } from '../../../domain/markets/market.ts';
import { endpoint } from '../../endpoint.ts';
import { briefCache } from '../../middleware/public-cache.ts';
import { MarketSchema, toMarket } from '../../resources/market.ts';
import { pageOf, pageQuery, toPage } from '../../schemas/pages.ts';
import { json, problems } from '../../schemas/responses.ts';
import { line, SlugSchema } from '../../schemas/values.ts';

const QuerySchema = z.strictObject({
  q: line(200).optional(),
  category: z.enum(MARKET_CATEGORIES).optional(),
  status: z.enum(MARKET_STATUSES).optional(),
  channel: SlugSchema.optional(),
  sort: z.enum(MARKET_SORTS).default('newest'),
  order: z.enum(['asc', 'desc']).optional(),
  ...pageQuery,
});

const route = createRoute({
  method: 'get',
  path: '/markets',
  tags: ['Markets'],
  summary: 'List markets',
  description:
    'Without `order`: most points first (`volume`), soonest first (`closing_soon`; markets that are over come last), newest first (`newest`).',
  middleware: briefCache,
  request: { query: QuerySchema },
  responses: { 200: json(pageOf(MarketSchema), 'One page of markets'), ...problems(422) },
});

export const listMarketsEndpoint = endpoint(route, async (c) => {
  const query = c.req.valid('query');
  const { rows, total } = await searchMarkets(c.get('em'), query);
  const now = new Date();
  const data = rows.map((row) => toMarket(row, now));
  return c.json(toPage(data, query, total), 200);
});
