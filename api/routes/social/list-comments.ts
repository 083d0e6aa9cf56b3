/** GET /markets/{id}/comments: what people say about a market, newest first; what is hidden, only its author and moderators see. */

import { createRoute, z } from '@hono/zod-openapi';
import { listComments, marketExists } from '../../../db/social/comments.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { knowUser } from '../../middleware/auth.ts';
import { CommentSchema, toCommentResource } from '../../resources/comment.ts';
import { cursorQuery } from '../../schemas/pages.ts';
import { json, problems } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';
import { readerOf } from './reader.ts';

const CommentsSchema = z
  .strictObject({ data: z.array(CommentSchema), nextCursor: z.string().nullable() })
  .openapi('Comments');

const route = createRoute({
  method: 'get',
  path: '/markets/{id}/comments',
  tags: ['People'],
  summary: 'Read the comments on a market',
  middleware: knowUser,
  request: { params: idParams('market'), query: z.strictObject(cursorQuery) },
  responses: { 200: json(CommentsSchema, 'Comments, newest first'), ...problems(401, 404, 422) },
});

export const listCommentsEndpoint = endpoint(route, async (c) => {
  const em = c.get('em');
  const { id } = c.req.valid('param');
  const { cursor = null, limit } = c.req.valid('query');
  if (!(await marketExists(em, id))) throw new ApiError('market_not_found');
  const rows = await listComments(em, id, readerOf(c), { beforeSeq: cursor, limit: limit + 1 });
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return c.json({ data: page.map(toCommentResource), nextCursor: last ? String(last.seq) : null }, 200);
});
