/** Public reads: may be stored anywhere, must be revalidated by ETag. */

import type { MiddlewareHandler } from 'hono';
import { etag } from 'hono/etag';

const setCacheControl: MiddlewareHandler = async (c, next) => {
  await next();
  if (c.res.ok) c.res.headers.set('Cache-Control', 'public, max-age=0, must-revalidate');
};

/** For a route's `middleware`: ETag, `If-None-Match` → 304, `Cache-Control`. */
export const publicCache: MiddlewareHandler[] = [etag(), setCacheControl];
