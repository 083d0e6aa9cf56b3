/** Sign-ins: a family of refresh tokens, each used once; using one twice ends the family. */

import type { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { UserAccount } from '../../db/entities/user-account.entity.ts';
import { issueRefreshToken } from '../../db/repositories/refresh-tokens.ts';
import type { AppEnv } from '../context.ts';
import { type SessionSchema, toUser } from '../resources/user.ts';
import { hashRefreshToken, newRefreshToken } from './tokens.ts';

type Session = z.infer<typeof SessionSchema>;

const DAY_MS = 86_400_000;

/** A new sign-in of this user. */
export async function openSession(c: Context<AppEnv>, user: UserAccount): Promise<Session> {
  const refreshToken = newRefreshToken();
  const sessionId = crypto.randomUUID();
  await issueRefreshToken(c.get('em'), {
    userId: user.id,
    familyId: sessionId,
    tokenHash: hashRefreshToken(refreshToken),
    expiresAt: new Date(Date.now() + c.get('deps').config.refreshTokenDays * DAY_MS),
  });
  return await toSession(c, user, sessionId, refreshToken);
}

/** What a client gets after signing in or refreshing. */
export async function toSession(
  c: Context<AppEnv>,
  user: UserAccount,
  sessionId: string,
  refreshToken: string,
): Promise<Session> {
  const accessToken = await c.get('deps').tokens.signAccess({ userId: user.id, sessionId });
  return { user: toUser(user), accessToken, refreshToken };
}
