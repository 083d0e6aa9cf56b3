/** POST /auth/logout: ends a sign-in, named by its refresh token or by the access token of the request. */

import { createRoute, z } from '@hono/zod-openapi';
import { revokeRefreshFamily, revokeRefreshFamilyOf } from '../../../db/repositories/refresh-tokens.ts';
import { hashRefreshToken } from '../../auth/tokens.ts';
import { endpoint } from '../../endpoint.ts';
import { bearerToken } from '../../middleware/auth.ts';
import { RefreshTokenSchema } from '../../schemas/credentials.ts';
import { problems } from '../../schemas/responses.ts';

const LogoutSchema = z.strictObject({ refreshToken: RefreshTokenSchema.optional() }).openapi('Logout');

const route = createRoute({
  method: 'post',
  path: '/auth/logout',
  tags: ['Accounts'],
  summary: 'Sign out',
  request: { body: { required: false, content: { 'application/json': { schema: LogoutSchema } } } },
  responses: { 204: { description: 'Signed out' }, ...problems(400, 401, 415, 422) },
});

export const logoutEndpoint = endpoint(route, async (c) => {
  const { refreshToken } = c.req.valid('json');
  if (refreshToken !== undefined) {
    // The same answer for an unknown token: there is nothing to find out here.
    await revokeRefreshFamilyOf(c.get('em'), hashRefreshToken(refreshToken));
  } else {
    const { sessionId } = await c.get('deps').tokens.verifyAccess(bearerToken(c));
    await revokeRefreshFamily(c.get('em'), sessionId);
  }
  return c.body(null, 204);
});
