/** One log line and one measurement per request; never a query string, a body or a header. */

import { createMiddleware } from 'hono/factory';
import { matchedRoutes } from 'hono/route';
import type { AppEnv } from '../context.ts';

const QUIET = new Set(['/health', '/health/live', '/health/ready', '/metrics']);

/** Writes the line once the answer is known; probes are logged at debug level. */
export const accessLog = createMiddleware<AppEnv>(async (c, next) => {
  const startedAt = performance.now();
  await next();
  const seconds = (performance.now() - startedAt) / 1_000;
  // The pattern, not the path: ids would make a metric per order.
  const route = matchedRoutes(c).findLast((match) => match.method !== 'ALL')?.path ?? 'unmatched';
  const { deps, log, user } = c.var;
  deps.metrics.requestSeconds.observe({ method: c.req.method, route, status: c.res.status }, seconds);
  const line = {
    method: c.req.method,
    route,
    path: c.req.path,
    status: c.res.status,
    durationMs: Math.round(seconds * 10_000) / 10,
    userId: user?.id,
  };
  if (QUIET.has(route)) log.debug(line, 'request');
  else log.info(line, 'request');
});
