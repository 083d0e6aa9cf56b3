/** POST /markets/{id}/comments: say something about a market. It is text: markup in it is stored and shown as text. */

import { createRoute, z } from '@hono/zod-openapi';
import { derivedId } from '../../../db/new-id.ts';
import { findComment, marketExists, postComment } from '../../../db/social/comments.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { idempotent } from '../../idempotency.ts';
import { requireUser } from '../../middleware/auth.ts';
import { CommentSchema, toCommentResource } from '../../resources/comment.ts';
import { bearer, idempotencyKeyParameter, json, jsonBody, problems } from '../../schemas/responses.ts';
import { idParams, statement } from '../../schemas/values.ts';
import { readerOf } from './reader.ts';

const MAX_COMMENT_CHARS = 5_000;

const RequestSchema = z
  .strictObject({ body: statement(MAX_COMMENT_CHARS) })
  .openapi('PostComment', { example: { body: 'The second debate will decide it.' } });

const route = createRoute({
  method: 'post',
  path: '/markets/{id}/comments',
  tags: ['People'],
  summary: 'Comment on a market',
  security: bearer,
  middleware: requireUser,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('market'), ...jsonBody(RequestSchema) },
  responses: { 201: json(CommentSchema, 'The comment'), ...problems(400, 401, 404, 409, 415, 422) },
});

export const postCommentEndpoint = endpoint(route, async (c) => {
  const em = c.get('em');
  const { id: marketId } = c.req.valid('param');
  const { body } = c.req.valid('json');
  if (!(await marketExists(em, marketId))) throw new ApiError('market_not_found');
  const userId = currentUser(c).id;
  return await idempotent(c, { body }, { required: false }, async ({ updateId }) => {
    const id = derivedId('comment', marketId, updateId);
    await postComment(em, { id, marketId, userId, body });
    const comment = await findComment(em, id, readerOf(c));
    if (!comment) throw new ApiError('comment_not_found');
    return c.json(toCommentResource(comment), 201);
  });
});
