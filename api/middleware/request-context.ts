/** Gives each request its dependencies, an entity manager and a logger of its own. */

import { createMiddleware } from 'hono/factory';
import type { ApiDeps, AppEnv } from '../context.ts';

/** Runs after the request id is known. */
export function requestContext(deps: ApiDeps) {
  return createMiddleware<AppEnv>(async (c, next) => {
    c.set('deps', deps);
    c.set('em', deps.orm.em.fork());
    c.set('log', deps.log.child({ requestId: c.get('requestId') }));
    await next();
  });
}
