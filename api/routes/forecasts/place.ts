/** POST /markets/{id}/forecasts: stakes chips on an outcome. Answered once it is stored for good. */

import { createRoute, z } from '@hono/zod-openapi';
import { derivedId } from '../../../db/new-id.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { idempotent } from '../../idempotency.ts';
import { requireUser } from '../../middleware/auth.ts';
import { ForecastSchema, toPlacedForecast } from '../../resources/forecast.ts';
import { bearer, idempotencyKeyParameter, json, jsonBody, problems } from '../../schemas/responses.ts';
import { exampleId, idSchema } from '../../schemas/values.ts';
import { signalsOf } from '../../signals.ts';
import { MarketParamsSchema, marketIdOf } from '../markets/market-id.ts';

const PlaceForecastSchema = z
  .strictObject({ outcomeId: idSchema('outcome'), points: z.int().min(1) })
  .openapi('PlaceForecast', { example: { outcomeId: exampleId('outcome'), points: 100 } });

const route = createRoute({
  method: 'post',
  path: '/markets/{id}/forecasts',
  tags: ['Markets'],
  summary: 'Place my forecast on a market',
  description:
    'One forecast of each account on a market, before the instant it closes. It stands: it cannot be changed or taken back.',
  security: bearer,
  middleware: requireUser,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: MarketParamsSchema, ...jsonBody(PlaceForecastSchema) },
  responses: {
    201: json(ForecastSchema, 'The forecast'),
    ...problems(400, 401, 403, 404, 409, 413, 415, 422, 503),
  },
});

export const placeForecastEndpoint = endpoint(route, (c) => {
  const body = c.req.valid('json');
  return idempotent(c, body, { required: false }, async ({ updateId }) => {
    const userId = currentUser(c).id;
    const marketId = await marketIdOf(c.get('em'), c.req.valid('param').id);
    const answer = await c.get('deps').placeForecast({
      // The same request is the same forecast, also when its first answer was lost.
      forecastId: derivedId('forecast', updateId),
      userId,
      marketId,
      ...body,
      ...signalsOf(c),
    });
    if (!answer.ok) throw new ApiError(answer.code, { detail: answer.detail });
    return c.json(toPlacedForecast(answer.forecast), 201);
  });
});
