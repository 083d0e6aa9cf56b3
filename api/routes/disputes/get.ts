/** GET /disputes/{id}: a dispute, for its parties and those who decide. */

import { createRoute } from '@hono/zod-openapi';
import { etag } from 'hono/etag';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { DisputeSchema, toDispute } from '../../resources/dispute.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';
import { visibleDispute } from './access.ts';

const route = createRoute({
  method: 'get',
  path: '/disputes/{id}',
  tags: ['Disputes'],
  summary: 'Show a dispute',
  description: 'With an `ETag`: `If-None-Match` answers 304 while nothing has changed.',
  security: bearer,
  middleware: [etag(), requireUser],
  request: { params: idParams('dispute') },
  responses: { 200: json(DisputeSchema, 'The dispute'), ...problems(401, 404) },
});

export const getDisputeEndpoint = endpoint(route, async (c) => {
  const rows = await visibleDispute(c.get('em'), c.req.valid('param').id, currentUser(c));
  return c.json(toDispute(rows, rows.actor.role), 200);
});
