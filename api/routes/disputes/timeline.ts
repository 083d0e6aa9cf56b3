/** GET /disputes/{id}/timeline: what happened in a dispute, what happens next by itself and who can change it. */

import { createRoute, z } from '@hono/zod-openapi';
import { listDisputeEvents } from '../../../db/repositories/timeline.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { DisputeTimelineSchema, toDisputeTimeline } from '../../resources/timeline.ts';
import { cursorQuery } from '../../schemas/pages.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';
import { visibleDispute } from './access.ts';

const route = createRoute({
  method: 'get',
  path: '/disputes/{id}/timeline',
  tags: ['Disputes'],
  summary: 'Show what happened in a dispute and what happens next',
  security: bearer,
  middleware: requireUser,
  request: { params: idParams('dispute'), query: z.strictObject(cursorQuery) },
  responses: {
    200: json(DisputeTimelineSchema, 'The facts in order, and what is to come'),
    ...problems(401, 404, 422),
  },
});

export const getDisputeTimelineEndpoint = endpoint(route, async (c) => {
  const em = c.get('em');
  const { cursor = 0, limit } = c.req.valid('query');
  const { dispute, actor } = await visibleDispute(em, c.req.valid('param').id, currentUser(c));
  const events = await listDisputeEvents(em, dispute, { afterSeq: cursor, limit: limit + 1 });
  return c.json(toDisputeTimeline({ dispute, events, limit, viewer: actor.role }), 200);
});
