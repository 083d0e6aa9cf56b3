/** A forecast as its owner sees it. */

import { z } from '@hono/zod-openapi';
import type { Forecast } from '../../db/entities/forecast.entity.ts';
import type { PlacedForecast } from '../../db/markets/place-forecasts.ts';
import { FORECAST_STATUSES } from '../../domain/markets/market.ts';
import { exampleId, InstantSchema, idSchema } from '../schemas/values.ts';

export const ForecastSchema = z
  .strictObject({
    id: idSchema('forecast'),
    marketId: idSchema('market'),
    outcomeId: idSchema('outcome'),
    points: z.int(),
    /** What the outcome was worth before this forecast. */
    probability: z.number(),
    status: z.enum(FORECAST_STATUSES),
    payoutPoints: z.int().nullable(),
    reputationDelta: z.int().nullable(),
    placedAt: InstantSchema,
    settledAt: InstantSchema.nullable(),
  })
  .openapi('Forecast', {
    example: {
      id: exampleId('forecast'),
      marketId: exampleId('market'),
      outcomeId: exampleId('outcome'),
      points: 100,
      probability: 0.6,
      status: 'placed',
      payoutPoints: null,
      reputationDelta: null,
      placedAt: '2026-03-01T12:00:00.000Z',
      settledAt: null,
    },
  });

export function toForecast(row: Forecast): z.infer<typeof ForecastSchema> {
  const { id, marketId, outcomeId, points, placedAt, status, payoutPoints, reputationDelta, settledAt } = row;
  // The mapper's type of a double allows for what does not fit one.
  const placed = { id, marketId, outcomeId, points, placedAt, probability: Number(row.probability) };
  return {
    ...toPlacedForecast(placed),
    status,
    payoutPoints: payoutPoints ?? null,
    reputationDelta: reputationDelta ?? null,
    settledAt: settledAt?.toISOString() ?? null,
  };
}

/** One that was placed a moment ago. */
export function toPlacedForecast(forecast: Omit<PlacedForecast, 'userId'>): z.infer<typeof ForecastSchema> {
  const { id, marketId, outcomeId, points, probability, placedAt } = forecast;
  return {
    id,
    marketId,
    outcomeId,
    points,
    probability,
    status: 'placed',
    payoutPoints: null,
    reputationDelta: null,
    placedAt: placedAt.toISOString(),
    settledAt: null,
  };
}
