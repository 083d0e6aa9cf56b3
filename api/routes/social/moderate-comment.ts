/** POST /comments/{id}/hide and /comments/{id}/show: moderators take a comment out of sight, or find it in order. */

import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { type CommentId, findComment } from '../../../db/social/comments.ts';
import { moderate } from '../../../db/social/moderation.ts';
import { type AppEnv, currentUser, isAdmin } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { requireModerator } from '../../middleware/auth.ts';
import { CommentSchema, toCommentResource } from '../../resources/comment.ts';
import { bearer, emptyBody, json, jsonBody, problems } from '../../schemas/responses.ts';
import { idParams, line } from '../../schemas/values.ts';
import { readerOf } from './reader.ts';

const HideSchema = z
  .strictObject({ reason: line(500) })
  .openapi('HideComment', { example: { reason: 'Insults another user' } });

const common = { method: 'post' as const, tags: ['Moderation'], security: bearer, middleware: requireModerator };
const responses = { 200: json(CommentSchema, 'The comment'), ...problems(400, 401, 403, 404, 415, 422) };

const hideRoute = createRoute({
  ...common,
  path: '/comments/{id}/hide',
  summary: 'Hide a comment',
  request: { params: idParams('comment'), ...jsonBody(HideSchema) },
  responses,
});

export const hideCommentEndpoint = endpoint(hideRoute, async (c) => {
  const comment = await moderated(c, c.req.valid('param').id, c.req.valid('json').reason);
  return c.json(toCommentResource(comment), 200);
});

const showRoute = createRoute({
  ...common,
  path: '/comments/{id}/show',
  summary: 'Show a comment',
  description: 'Of a comment that was reported but not hidden: it is in order, and only new reports count.',
  request: { params: idParams('comment'), body: emptyBody },
  responses,
});

export const showCommentEndpoint = endpoint(showRoute, async (c) => {
  const comment = await moderated(c, c.req.valid('param').id, null);
  return c.json(toCommentResource(comment), 200);
});

async function moderated(c: Context<AppEnv>, commentId: CommentId, hiddenReason: string | null) {
  const em = c.get('em');
  const user = currentUser(c);
  const moderator = { role: isAdmin(user) ? 'admin' : 'moderator', id: user.id } as const;
  const isDone = await moderate(em, { commentId, moderator, hiddenReason });
  const comment = isDone && (await findComment(em, commentId, readerOf(c)));
  if (!comment) throw new ApiError('comment_not_found');
  return comment;
}
