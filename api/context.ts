/** What a handler can reach: the dependencies of the process and what the middleware found out about the request. */

import type { OpenAPIHono } from '@hono/zod-openapi';
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { Context } from 'hono';
import type { Logger } from 'pino';
import type { UserId } from '../domain/ids.ts';
import type { PaymentProvider } from '../providers/payments/port.ts';
import type { TokenService } from './auth/tokens.ts';
import type { ApiConfig } from './config.ts';
import { ApiError } from './errors.ts';
import type { Metrics } from './metrics.ts';
import type { ProcessServices } from './process-services.ts';
import type { TemporalGateway } from './temporal-gateway.ts';

/** Everything the API talks to, injected so that tests may bring their own. */
export type ApiDeps = ProcessServices & {
  config: ApiConfig;
  orm: MikroORM;
  gateway: TemporalGateway;
  payments: PaymentProvider;
  /** Checks webhooks about GCash and Maya; null where neither is offered. */
  paymongo: Pick<PaymentProvider, 'verifyWebhook'> | null;
  tokens: TokenService;
  metrics: Metrics;
  log: Logger;
};

/** Who is asking, as the database knows them at this moment. */
export type Principal = { id: UserId; roles: readonly string[] };

export type AppEnv = {
  Variables: { deps: ApiDeps; em: EntityManager; log: Logger; requestId: string; user?: Principal };
};

export type ApiApp = OpenAPIHono<AppEnv>;

/** The signed-in user of a route behind `requireUser`; 401 if the route forgot it. */
export function currentUser(c: Context<AppEnv>): Principal {
  const user = c.get('user');
  if (!user) throw new ApiError('unauthenticated');
  return user;
}

export function isAdmin(user: Principal): boolean {
  return user.roles.includes('admin');
}

/** Who looks after markets, comments and flags: moderators, and administrators too. */
export function isModerator(user: Principal): boolean {
  return isAdmin(user) || user.roles.includes('moderator');
}

/** What an account decides disputes as: by its roles, never by what a request says. Null for those who decide none. */
export function reviewerRole(user: Principal): 'admin' | 'verifier' | null {
  if (isAdmin(user)) return 'admin';
  return user.roles.includes('verifier') ? 'verifier' : null;
}
