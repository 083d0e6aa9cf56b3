/** GET /admin/comments: comments for moderators, the most reported first. */

import { createRoute, z } from '@hono/zod-openapi';
import { listForModeration } from '../../../db/social/moderation.ts';
import { COMMENT_STATUSES } from '../../../db/statuses.ts';
import { endpoint } from '../../endpoint.ts';
import { requireModerator } from '../../middleware/auth.ts';
import { ModeratedCommentSchema, toModeratedComment } from '../../resources/comment.ts';
import { pageOf, pageQuery, toPage } from '../../schemas/pages.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';

const route = createRoute({
  method: 'get',
  path: '/admin/comments',
  tags: ['Moderation'],
  summary: 'List comments to moderate',
  security: bearer,
  middleware: requireModerator,
  request: {
    query: z.strictObject({
      /** `true`: only those that were reported. */
      reported: z.enum(['true', 'false']).default('false'),
      status: z.enum(COMMENT_STATUSES).optional(),
      ...pageQuery,
    }),
  },
  responses: { 200: json(pageOf(ModeratedCommentSchema), 'One page of comments'), ...problems(401, 403, 422) },
});

export const listModeratedCommentsEndpoint = endpoint(route, async (c) => {
  const { reported, ...query } = c.req.valid('query');
  const { rows, total } = await listForModeration(c.get('em'), { ...query, reported: reported === 'true' });
  return c.json(toPage(rows.map(toModeratedComment), query, total), 200);
});
