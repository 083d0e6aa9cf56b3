/** GET /metrics: the process's metrics for Prometheus. */

import { createRoute, z } from '@hono/zod-openapi';
import { endpoint } from '../../endpoint.ts';

const route = createRoute({
  method: 'get',
  path: '/metrics',
  tags: ['Operations'],
  summary: 'Show metrics',
  responses: { 200: { description: 'Prometheus text format', content: { 'text/plain': { schema: z.string() } } } },
});

export const metricsEndpoint = endpoint(route, async (c) => {
  const { registry } = c.get('deps').metrics;
  return c.text(await registry.metrics(), 200, { 'Content-Type': registry.contentType });
});
