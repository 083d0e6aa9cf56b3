/** Puts the API together: middleware around every request, endpoints, documentation, and one way to refuse. */

import { OpenAPIHono, type z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { compress } from 'hono/compress';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { requestId } from 'hono/request-id';
import type { ApiApp, ApiDeps, AppEnv } from './context.ts';
import { ApiError, problemResponse, respondToError } from './errors.ts';
import { accessLog } from './middleware/access-log.ts';
import { privateByDefault, securityHeaders } from './middleware/headers.ts';
import { publicCache } from './middleware/public-cache.ts';
import { requestContext } from './middleware/request-context.ts';
import { addDocs } from './routes/docs/docs.ts';
import { API_ENDPOINTS, ROOT_ENDPOINTS } from './routes/index.ts';

const MAX_BODY_BYTES = 256 * 1_024;

/** Routes with a larger limit of their own. */
const TAKES_FILES = /^\/api\/v1\/disputes\/[^/]+\/evidence$/;

const limitBody = bodyLimit({
  maxSize: MAX_BODY_BYTES,
  onError: () => {
    // The rest of the body stays unread, so nothing more can be said on this connection.
    throw new ApiError('payload_too_large', { headers: { Connection: 'close' } });
  },
});

const gzip = compress({ encoding: 'gzip' });
const ENDS_WITH_ID = /_[0-9a-z]{26}$/;

/** The whole API as one fetch handler. */
export function createApp(deps: ApiDeps): ApiApp {
  const app: ApiApp = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });
  app.use(requestId());
  app.use(requestContext(deps));
  app.use(accessLog);
  app.use(securityHeaders);
  app.use(privateByDefault);
  // Lists and documents are worth it; the answer to a change, or about one thing, is a few hundred bytes.
  app.use((c, next) => (c.req.method === 'GET' && !ENDS_WITH_ID.test(c.req.path) ? gzip(c, next) : next()));
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c: Context<AppEnv>, methods) =>
        problemResponse(c, new ApiError('method_not_allowed', { headers: { Allow: methods.join(', ') } })),
    }),
  );
  app.use((c, next) => (hasSmallBody(c) || TAKES_FILES.test(c.req.path) ? next() : limitBody(c, next)));

  const api: ApiApp = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });
  for (const add of API_ENDPOINTS) add(api);
  app.route('/api/v1', api);
  for (const add of ROOT_ENDPOINTS) add(app);
  addOpenApi(app);
  addDocs(app);

  app.notFound((c) => problemResponse(c, new ApiError('not_found')));
  app.onError((error, c) => respondToError(c, error));
  return app;
}

/** No body that any handler reads, or one whose length the server holds the client to: most need not be looked into. */
function hasSmallBody(c: Context<AppEnv>): boolean {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return true;
  if (c.req.header('Transfer-Encoding') !== undefined) return false;
  const length = c.req.header('Content-Length');
  return length !== undefined && /^\d+$/.test(length) && Number(length) <= MAX_BODY_BYTES;
}

/** Every schema's refusal becomes one problem; a path's id that cannot exist is as good as unknown. */
function refuseInvalid(result: { success: true } | { success: false; error: z.ZodError; target: string }): void {
  if (result.success) return;
  if (result.target === 'param') throw new ApiError('not_found');
  const errors = result.error.issues.map((issue) => ({
    path: issue.path.map(String).join('.'),
    message: issue.message,
    code: issue.code,
  }));
  throw new ApiError('validation_failed', { errors });
}

function addOpenApi(app: ApiApp): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
  });
  const document = (): object =>
    app.getOpenAPI31Document({
      openapi: '3.1.0',
      info: {
        title: 'Holdfast API',
        version: '1.0.0',
        description: 'Orders whose money is held until the buyer has the goods.',
        license: { name: 'MIT' },
      },
      servers: [{ url: '/' }],
    });
  let rendered: string | null = null;
  for (const path of ['/openapi.json', '/api/v1/openapi.json']) {
    app.use(path, ...publicCache);
    app.get(path, (c) => {
      rendered ??= JSON.stringify(document());
      return c.body(rendered, 200, { 'Content-Type': 'application/json' });
    });
  }
}
