/** GET /markets/{id}/history: what each outcome was worth over time, for a chart. */

import { createRoute, z } from '@hono/zod-openapi';
import { loadMarketHistory } from '../../../db/repositories/market-history.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { briefCache } from '../../middleware/public-cache.ts';
import { queryInt } from '../../schemas/pages.ts';
import { json, problems } from '../../schemas/responses.ts';
import { exampleId, InstantSchema, idSchema } from '../../schemas/values.ts';
import { MarketParamsSchema } from './market-id.ts';

const MAX_POINTS = 500;
const DEFAULT_POINTS = 200;

const HistorySchema = z
  .strictObject({
    marketId: idSchema('market'),
    /** Seconds between two points. */
    stepSeconds: z.int(),
    outcomes: z.array(
      z.strictObject({
        id: idSchema('outcome'),
        name: z.string(),
        points: z.array(z.strictObject({ at: InstantSchema, totalPoints: z.int(), probability: z.number() })),
      }),
    ),
  })
  .openapi('MarketHistory', {
    example: {
      marketId: exampleId('market'),
      stepSeconds: 60,
      outcomes: [
        {
          id: exampleId('outcome'),
          name: 'Yes',
          points: [
            { at: '2026-03-01T12:00:00.000Z', totalPoints: 0, probability: 0.5 },
            { at: '2026-03-01T12:01:00.000Z', totalPoints: 100, probability: 0.99 },
          ],
        },
      ],
    },
  });

const route = createRoute({
  method: 'get',
  path: '/markets/{id}/history',
  tags: ['Markets'],
  summary: 'See how the probabilities came about',
  description:
    'Equal steps from its beginning to now, or to its closing; each point carries on what the one before it had.',
  middleware: briefCache,
  request: {
    params: MarketParamsSchema,
    query: z.strictObject({
      points: queryInt(2, MAX_POINTS).default(DEFAULT_POINTS).openapi({ type: 'integer', default: DEFAULT_POINTS }),
    }),
  },
  responses: { 200: json(HistorySchema, 'A series for each outcome'), ...problems(404, 422) },
});

export const getMarketHistoryEndpoint = endpoint(route, async (c) => {
  const history = await loadMarketHistory(c.get('em'), c.req.valid('param').id, c.req.valid('query').points);
  if (!history) throw new ApiError('market_not_found');
  const { marketId, stepMs, outcomes } = history;
  const series = outcomes.map(({ points, ...outcome }) => ({
    ...outcome,
    points: points.map(({ at, ...point }) => ({ at: at.toISOString(), ...point })),
  }));
  return c.json({ marketId, stepSeconds: stepMs / 1_000, outcomes: series }, 200);
});
