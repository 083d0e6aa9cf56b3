/** GET /leaderboard: who gained most reputation lately, or ever; refreshed every five minutes. */

import { createRoute, z } from '@hono/zod-openapi';
import { readBoard } from '../../../db/forecasters/boards.ts';
import { LEADERBOARD_CATEGORIES, LEADERBOARD_PERIODS } from '../../../domain/forecasters/leaderboards.ts';
import { endpoint } from '../../endpoint.ts';
import { publicCache } from '../../middleware/public-cache.ts';
import { PaginationSchema, pageQuery, toPage } from '../../schemas/pages.ts';
import { json, problems } from '../../schemas/responses.ts';
import { exampleId, InstantSchema, idSchema } from '../../schemas/values.ts';

const PlaceSchema = z
  .strictObject({
    rank: z.int(),
    user: z.strictObject({ id: idSchema('user'), displayName: z.string() }),
    /** What the forecasts settled in the period brought together; may be below 0. */
    score: z.int(),
    won: z.int(),
    settled: z.int(),
    wonPoints: z.int(),
  })
  .openapi('LeaderboardPlace', {
    example: {
      rank: 1,
      user: { id: exampleId('user'), displayName: 'Ada' },
      score: 120,
      won: 3,
      settled: 4,
      wonPoints: 510,
    },
  });

const BoardSchema = z
  .strictObject({
    period: z.enum(LEADERBOARD_PERIODS),
    category: z.enum(LEADERBOARD_CATEGORIES),
    refreshedAt: InstantSchema.nullable(),
    data: z.array(PlaceSchema),
    pagination: PaginationSchema,
  })
  .openapi('Leaderboard');

const route = createRoute({
  method: 'get',
  path: '/leaderboard',
  tags: ['People'],
  summary: 'Show a leaderboard',
  description:
    'The last 24 hours, 7 days, 30 days, or all time; of one category of markets, or all together. ' +
    'Equal scores: more points won stand above. The first 1,000 places are kept.',
  middleware: publicCache,
  request: {
    query: z.strictObject({
      period: z.enum(LEADERBOARD_PERIODS).default('all'),
      category: z.enum(LEADERBOARD_CATEGORIES).default('all'),
      ...pageQuery,
    }),
  },
  responses: { 200: json(BoardSchema, 'One page of the board'), ...problems(422) },
});

export const leaderboardEndpoint = endpoint(route, async (c) => {
  const query = c.req.valid('query');
  const { places, total, refreshedAt } = await readBoard(c.get('em'), query);
  const { period, category } = query;
  return c.json(
    { period, category, refreshedAt: refreshedAt?.toISOString() ?? null, ...toPage(places, query, total) },
    200,
  );
});
