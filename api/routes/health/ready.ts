/** GET /health/ready: may this process be sent requests. */

import { createRoute, z } from '@hono/zod-openapi';
import { endpoint } from '../../endpoint.ts';
import { json } from '../../schemas/responses.ts';
import { probeDependencies } from './probes.ts';

const ReadySchema = z.strictObject({ status: z.enum(['ready', 'not_ready']) }).openapi('Ready');

const route = createRoute({
  method: 'get',
  path: '/health/ready',
  tags: ['Operations'],
  summary: 'Can the process serve requests',
  responses: { 200: json(ReadySchema, 'Ready'), 503: json(ReadySchema, 'A dependency does not answer') },
});

export const readyEndpoint = endpoint(route, async (c) => {
  const { database, temporal } = await probeDependencies(c.get('deps'));
  if (database.status === 'up' && temporal.status === 'up') return c.json({ status: 'ready' } as const, 200);
  return c.json({ status: 'not_ready' } as const, 503, { 'Retry-After': '2' });
});
