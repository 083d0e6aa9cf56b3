/** DELETE /comments/{id}: authors take their comment away, for good. */

import { createRoute } from '@hono/zod-openapi';
import { authorOf, deleteComment, findComment } from '../../../db/social/comments.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { requireUser } from '../../middleware/auth.ts';
import { bearer, problems } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';
import { readerOf } from './reader.ts';

const route = createRoute({
  method: 'delete',
  path: '/comments/{id}',
  tags: ['People'],
  summary: 'Delete my comment',
  security: bearer,
  middleware: requireUser,
  request: { params: idParams('comment') },
  responses: { 204: { description: 'Deleted, now or before' }, ...problems(401, 403, 404) },
});

export const deleteCommentEndpoint = endpoint(route, async (c) => {
  const em = c.get('em');
  const { id } = c.req.valid('param');
  if ((await authorOf(em, id)) !== currentUser(c).id) {
    // Moderators hide, so that it can be looked at again.
    throw new ApiError((await findComment(em, id, readerOf(c))) ? 'forbidden' : 'comment_not_found');
  }
  await deleteComment(em, id);
  return c.body(null, 204);
});
