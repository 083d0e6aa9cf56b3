/** GET /me: the account behind the token. */

import { createRoute } from '@hono/zod-openapi';
import { findUserById } from '../../../db/repositories/users.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { requireUser } from '../../middleware/auth.ts';
import { toUser, UserSchema } from '../../resources/user.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';

const route = createRoute({
  method: 'get',
  path: '/me',
  tags: ['Accounts'],
  summary: 'Show my account',
  security: bearer,
  middleware: requireUser,
  responses: { 200: json(UserSchema, 'My account'), ...problems(401) },
});

export const meEndpoint = endpoint(route, async (c) => {
  const user = await findUserById(c.get('em'), currentUser(c).id);
  if (!user) throw new ApiError('unauthenticated');
  return c.json(toUser(user), 200);
});
