/** Public reads: may be stored anywhere, must be revalidated by ETag. */

import type { MiddlewareHandler } from 'hono';
import { etag } from 'hono/etag';

const cacheControl =
  (value: string): MiddlewareHandler =>
  async (c, next) => {
    await next();
    if (c.res.ok) c.res.headers.set('Cache-Control', value);
  };

/** For a route's `middleware`: ETag, `If-None-Match` → 304, `Cache-Control`. */
export const publicCache: MiddlewareHandler[] = [etag(), cacheControl('public, max-age=0, must-revalidate')];

/** The same for what many people look at while it changes: good for two seconds, then revalidated. */
export const briefCache: MiddlewareHandler[] = [etag(), cacheControl('public, max-age=2, must-revalidate')];
