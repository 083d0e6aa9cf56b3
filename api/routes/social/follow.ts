/** POST and DELETE /users/{id}/follow: see what somebody does in one's feed, or no longer. */

import { createRoute } from '@hono/zod-openapi';
import { follow, isActiveUser, unfollow } from '../../../db/social/follows.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { requireUser } from '../../middleware/auth.ts';
import { bearer, problems } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';

const common = {
  path: '/users/{id}/follow' as const,
  tags: ['People'],
  security: bearer,
  middleware: requireUser,
  request: { params: idParams('user') },
};

const followRoute = createRoute({
  ...common,
  method: 'post',
  summary: 'Follow somebody',
  responses: { 204: { description: 'Followed, from now on or already' }, ...problems(401, 404, 409) },
});

export const followEndpoint = endpoint(followRoute, async (c) => {
  const { id } = c.req.valid('param');
  const me = currentUser(c).id;
  if (id === me) throw new ApiError('own_account');
  if (!(await isActiveUser(c.get('em'), id))) throw new ApiError('user_not_found');
  await follow(c.get('em'), me, id);
  return c.body(null, 204);
});

const unfollowRoute = createRoute({
  ...common,
  method: 'delete',
  summary: 'Stop following somebody',
  responses: { 204: { description: 'Not followed, any more or at all' }, ...problems(401, 404) },
});

export const unfollowEndpoint = endpoint(unfollowRoute, async (c) => {
  await unfollow(c.get('em'), currentUser(c).id, c.req.valid('param').id);
  return c.body(null, 204);
});
