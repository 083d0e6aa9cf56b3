/** One endpoint: a route's description and the handler that fits it. */

import type { RouteConfig, RouteHandler } from '@hono/zod-openapi';
import type { ApiApp, AppEnv } from './context.ts';

/** Adds one endpoint to an app. */
export type Endpoint = (app: ApiApp) => void;

/** Ties a route (from `createRoute`) to its handler; the handler's input is typed by the route's schemas. */
export function endpoint<R extends RouteConfig>(route: R, handler: RouteHandler<R, AppEnv>): Endpoint {
  return (app) => {
    app.openapiRoutes([{ route, handler }]);
  };
}
