/** GET /activities: what people see happening, newest first. */

import { createRoute, z } from '@hono/zod-openapi';
import { type ActivityEntry, listActivities } from '../../../db/repositories/activities.ts';
import { ACTIVITY_TYPES } from '../../../db/statuses.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { knowUser } from '../../middleware/auth.ts';
import { cursorQuery } from '../../schemas/pages.ts';
import { json, problems } from '../../schemas/responses.ts';
import { exampleId, InstantSchema, idSchema } from '../../schemas/values.ts';

const ActivitySchema = z
  .strictObject({
    id: z.string(),
    type: z.enum(ACTIVITY_TYPES),
    at: InstantSchema,
    user: z.strictObject({ id: idSchema('user'), displayName: z.string() }).nullable(),
    market: z.strictObject({ id: idSchema('market'), slug: z.string(), title: z.string() }).nullable(),
    data: z.record(z.string(), z.unknown()),
  })
  .openapi('Activity', {
    example: {
      id: '1042',
      type: 'forecast_placed',
      at: '2026-03-01T12:00:00.000Z',
      user: { id: exampleId('user'), displayName: 'Bea' },
      market: { id: exampleId('market'), slug: 'will-it-rain', title: 'Will it rain?' },
      data: { forecastId: exampleId('forecast'), outcomeId: exampleId('outcome'), points: 100 },
    },
  });

const QuerySchema = z.strictObject({
  market: idSchema('market').optional(),
  user: idSchema('user').optional(),
  following: z.enum(['true', 'false']).default('false').openapi({ description: 'Only of those whom I follow' }),
  ...cursorQuery,
});

const route = createRoute({
  method: 'get',
  path: '/activities',
  tags: ['Markets'],
  summary: 'See what happens',
  description: 'Open to everyone; with `following=true` for who is signed in.',
  middleware: knowUser,
  request: { query: QuerySchema },
  responses: {
    200: json(
      z.strictObject({ data: z.array(ActivitySchema), nextCursor: z.string().nullable() }).openapi('Activities'),
      'One page of the feed, newest first',
    ),
    ...problems(401, 422),
  },
});

export const listActivitiesEndpoint = endpoint(route, async (c) => {
  const { market: marketId, user: userId, following, cursor = null, limit } = c.req.valid('query');
  const entries = await listActivities(c.get('em'), {
    marketId,
    userId,
    ...(following === 'true' && { followedBy: currentUser(c).id }),
    beforeSeq: cursor,
    limit: limit + 1,
  });
  const data = entries.slice(0, limit).map(toActivity);
  return c.json({ data, nextCursor: entries.length > limit ? (data.at(-1)?.id ?? null) : null }, 200);
});

function toActivity({ seq, at, ...entry }: ActivityEntry): z.infer<typeof ActivitySchema> {
  return { id: String(seq), at: at.toISOString(), ...entry };
}
