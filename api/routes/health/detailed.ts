/** GET /health/detailed: what each dependency answers, for people. */

import { createRoute, z } from '@hono/zod-openapi';
import { endpoint } from '../../endpoint.ts';
import { json } from '../../schemas/responses.ts';
import { probeDependencies } from './probes.ts';

const ProbeSchema = z.strictObject({ status: z.enum(['up', 'down']), latencyMs: z.int() });

const DetailedHealthSchema = z
  .strictObject({
    status: z.enum(['ok', 'degraded']),
    uptimeSeconds: z.int(),
    dependencies: z.strictObject({ database: ProbeSchema, temporal: ProbeSchema }),
  })
  .openapi('DetailedHealth');

const route = createRoute({
  method: 'get',
  path: '/health/detailed',
  tags: ['Operations'],
  summary: 'Show the state of every dependency',
  responses: {
    200: json(DetailedHealthSchema, 'Everything answers'),
    503: json(DetailedHealthSchema, 'Something does not'),
  },
});

export const detailedHealthEndpoint = endpoint(route, async (c) => {
  const dependencies = await probeDependencies(c.get('deps'));
  const healthy = Object.values(dependencies).every(({ status }) => status === 'up');
  const uptimeSeconds = Math.floor(process.uptime());
  if (healthy) return c.json({ status: 'ok' as const, uptimeSeconds, dependencies }, 200);
  return c.json({ status: 'degraded' as const, uptimeSeconds, dependencies }, 503);
});
