/** POST /webhooks/paymongo */

import { createRoute } from '@hono/zod-openapi';
import { endpoint } from '../endpoint.ts';
import { receive, WEBHOOK } from './receive.ts';

const route = createRoute({
  ...WEBHOOK,
  method: 'post',
  path: '/webhooks/paymongo',
  summary: 'Receive an event from PayMongo (GCash, Maya)',
  parameters: [{ in: 'header', name: 'Paymongo-Signature', required: true, schema: { type: 'string' } }],
});

export const paymongoWebhookEndpoint = endpoint(route, async (c) => {
  const { paymongo: verifier } = c.get('deps');
  return c.json(await receive(c, { provider: 'paymongo', header: 'Paymongo-Signature', verifier }), 200);
});
