/** Who is asking: the bearer token, then account and sign-in as they are now, so a suspension or sign-out counts at once. */

import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { type AppEnv, isAdmin, isModerator, reviewerRole } from '../context.ts';
import { ApiError } from '../errors.ts';

const BEARER = /^Bearer ([A-Za-z0-9._~+/=-]+)$/i;

/** The token of the Authorization header; throws ApiError `unauthenticated`. */
export function bearerToken(c: Context<AppEnv>): string {
  const token = BEARER.exec(c.req.header('Authorization') ?? '')?.[1];
  if (!token) throw new ApiError('unauthenticated');
  return token;
}

/** For a route's `middleware`: 401 without a valid access token of an active account. */
export const requireUser = createMiddleware<AppEnv>(async (c, next) => {
  const { tokens, findSessionUser } = c.get('deps');
  const claims = await tokens.verifyAccess(bearerToken(c));
  const user = await findSessionUser(claims);
  if (!user) throw new ApiError('unauthenticated');
  c.set('user', { id: claims.userId, roles: user.roles });
  await next();
});

/** For a route's `middleware`: who sends a token is signed in, or refused; who sends none is a visitor. */
export const knowUser = createMiddleware<AppEnv>((c, next) =>
  c.req.header('Authorization') === undefined ? next() : requireUser(c, next),
);

const checkAdmin = createMiddleware<AppEnv>(async (c, next) => {
  const user = c.get('user');
  if (!user || !isAdmin(user)) throw new ApiError('forbidden');
  await next();
});

/** For a route's `middleware`: also 403 for everyone who is not an administrator. */
export const requireAdmin = [requireUser, checkAdmin];

const checkModerator = createMiddleware<AppEnv>(async (c, next) => {
  const user = c.get('user');
  if (!user || !isModerator(user)) throw new ApiError('forbidden');
  await next();
});

/** For a route's `middleware`: also 403 for everyone who is neither a moderator nor an administrator. */
export const requireModerator = [requireUser, checkModerator];

const checkReviewer = createMiddleware<AppEnv>(async (c, next) => {
  const user = c.get('user');
  if (!user || reviewerRole(user) === null) throw new ApiError('forbidden');
  await next();
});

/** For a route's `middleware`: also 403 for everyone who decides no disputes (administrators and verifiers do). */
export const requireReviewer = [requireUser, checkReviewer];
