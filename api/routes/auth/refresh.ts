/** POST /auth/refresh: a refresh token, once, for a new pair. A second use ends the whole sign-in. */

import { createRoute, z } from '@hono/zod-openapi';
import { rotateRefreshToken } from '../../../db/repositories/refresh-tokens.ts';
import { findUserById } from '../../../db/repositories/users.ts';
import { toSession } from '../../auth/sessions.ts';
import { hashRefreshToken, newRefreshToken } from '../../auth/tokens.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { SessionSchema } from '../../resources/user.ts';
import { RefreshTokenSchema } from '../../schemas/credentials.ts';
import { json, jsonBody, problems } from '../../schemas/responses.ts';

const route = createRoute({
  method: 'post',
  path: '/auth/refresh',
  tags: ['Accounts'],
  summary: 'Exchange a refresh token',
  request: jsonBody(z.strictObject({ refreshToken: RefreshTokenSchema }).openapi('Refresh')),
  responses: { 200: json(SessionSchema, 'A new pair of tokens'), ...problems(400, 401, 403, 415, 422) },
});

const REFUSALS = { unknown: 'unauthenticated', expired: 'token_expired', reused: 'token_reused' } as const;

export const refreshEndpoint = endpoint(route, async (c) => {
  const em = c.get('em');
  const next = newRefreshToken();
  const rotation = await rotateRefreshToken(em, {
    tokenHash: hashRefreshToken(c.req.valid('json').refreshToken),
    newTokenHash: hashRefreshToken(next),
  });
  if (rotation.outcome !== 'rotated') {
    if (rotation.outcome === 'reused') c.get('log').warn({ userId: rotation.userId }, 'refresh token used twice');
    throw new ApiError(REFUSALS[rotation.outcome]);
  }
  const user = await findUserById(em, rotation.userId);
  if (user?.status !== 'active') throw new ApiError('account_not_active');
  return c.json(await toSession(c, user, rotation.familyId, next), 200);
});
