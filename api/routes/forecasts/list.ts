/** GET /forecasts: what the signed-in user has staked, and what became of it. */

import { createRoute, z } from '@hono/zod-openapi';
import { listForecasts } from '../../../db/repositories/forecasts.ts';
import { FORECAST_STATUSES } from '../../../domain/markets/market.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { ForecastSchema, toForecast } from '../../resources/forecast.ts';
import { pageOf, pageQuery, toPage } from '../../schemas/pages.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';
import { idSchema } from '../../schemas/values.ts';

const QuerySchema = z.strictObject({
  status: z.enum(FORECAST_STATUSES).optional(),
  market: idSchema('market').optional(),
  ...pageQuery,
});

const route = createRoute({
  method: 'get',
  path: '/forecasts',
  tags: ['Markets'],
  summary: 'List my forecasts',
  security: bearer,
  middleware: requireUser,
  request: { query: QuerySchema },
  responses: { 200: json(pageOf(ForecastSchema), 'One page of forecasts, newest first'), ...problems(401, 422) },
});

export const listForecastsEndpoint = endpoint(route, async (c) => {
  const { market: marketId, ...query } = c.req.valid('query');
  const { rows, total } = await listForecasts(c.get('em'), currentUser(c).id, { marketId, ...query });
  return c.json(toPage(rows.map(toForecast), query, total), 200);
});
