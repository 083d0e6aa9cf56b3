/** POST /comments/{id}/report: tell the moderators about a comment; counts once for each person. */

import { createRoute, z } from '@hono/zod-openapi';
import { findComment, reportComment } from '../../../db/social/comments.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { requireUser } from '../../middleware/auth.ts';
import { bearer, jsonBody, problems } from '../../schemas/responses.ts';
import { idParams, line } from '../../schemas/values.ts';
import { readerOf } from './reader.ts';

const RequestSchema = z
  .strictObject({ reason: line(500) })
  .openapi('ReportComment', { example: { reason: 'Insults another user' } });

const route = createRoute({
  method: 'post',
  path: '/comments/{id}/report',
  tags: ['People'],
  summary: 'Report a comment',
  security: bearer,
  middleware: requireUser,
  request: { params: idParams('comment'), ...jsonBody(RequestSchema) },
  responses: { 204: { description: 'Reported, now or before' }, ...problems(400, 401, 404, 409, 415, 422) },
});

export const reportCommentEndpoint = endpoint(route, async (c) => {
  const em = c.get('em');
  const me = currentUser(c).id;
  const comment = await findComment(em, c.req.valid('param').id, readerOf(c));
  if (!comment) throw new ApiError('comment_not_found');
  if (comment.author.id === me) throw new ApiError('own_account', { detail: 'That is your own comment' });
  await reportComment(em, comment.id, me, c.req.valid('json').reason);
  return c.body(null, 204);
});
