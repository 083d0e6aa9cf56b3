/** GET /markets/{idOrSlug}: a market for everyone, by its id or by its name in addresses. */

import { createRoute, z } from '@hono/zod-openapi';
import { endpoint } from '../../endpoint.ts';
import { briefCache } from '../../middleware/public-cache.ts';
import { MarketSchema, toMarket } from '../../resources/market.ts';
import { json, problems } from '../../schemas/responses.ts';
import { exampleId } from '../../schemas/values.ts';
import { presentMarket } from './access.ts';

/** The longest slug and the id's alphabet: anything else names no market. */
const ParamsSchema = z.object({
  idOrSlug: z
    .string()
    .regex(/^[a-z0-9_-]{1,120}$/)
    .openapi({ example: exampleId('market') }),
});

const route = createRoute({
  method: 'get',
  path: '/markets/{idOrSlug}',
  tags: ['Markets'],
  summary: 'Show a market',
  middleware: briefCache,
  request: { params: ParamsSchema },
  responses: { 200: json(MarketSchema, 'The market'), ...problems(404) },
});

export const getMarketEndpoint = endpoint(route, async (c) => {
  const rows = await presentMarket(c.get('em'), c.req.valid('param').idOrSlug);
  return c.json(toMarket(rows), 200);
});
