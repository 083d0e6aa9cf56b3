/** GET /health and /health/live: the process answers. Says nothing of its dependencies, so that nobody restarts it for them. */

import { createRoute, z } from '@hono/zod-openapi';
import { endpoint } from '../../endpoint.ts';
import { json } from '../../schemas/responses.ts';

const HealthSchema = z.strictObject({ status: z.literal('ok') }).openapi('Health');

const describe = (path: '/health' | '/health/live') =>
  createRoute({
    method: 'get',
    path,
    tags: ['Operations'],
    summary: 'Is the process alive',
    responses: { 200: json(HealthSchema, 'Alive') },
  });

export const healthEndpoint = endpoint(describe('/health'), (c) => c.json({ status: 'ok' } as const, 200));
export const liveEndpoint = endpoint(describe('/health/live'), (c) => c.json({ status: 'ok' } as const, 200));
