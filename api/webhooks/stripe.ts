/** POST /webhooks/stripe */

import { createRoute } from '@hono/zod-openapi';
import { endpoint } from '../endpoint.ts';
import { receive, WEBHOOK } from './receive.ts';

const route = createRoute({
  ...WEBHOOK,
  method: 'post',
  path: '/webhooks/stripe',
  summary: 'Receive an event from Stripe',
  parameters: [{ in: 'header', name: 'Stripe-Signature', required: true, schema: { type: 'string' } }],
});

export const stripeWebhookEndpoint = endpoint(route, async (c) => {
  const { payments: verifier } = c.get('deps');
  return c.json(await receive(c, { provider: 'stripe', header: 'Stripe-Signature', verifier }), 200);
});
