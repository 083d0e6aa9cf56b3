/** POST /webhooks/paymongo: check the signature on the raw body, keep the event, say thank you. Acting on it comes later. */

import { createRoute, z } from '@hono/zod-openapi';
import { receiveWebhook } from '../../db/repositories/webhook-inbox.ts';
import type { ProviderEvent } from '../../providers/payments/port.ts';
import { ProviderError } from '../../providers/payments/provider-error.ts';
import type { ApiDeps } from '../context.ts';
import { endpoint } from '../endpoint.ts';
import { ApiError } from '../errors.ts';
import { json, problems } from '../schemas/responses.ts';

const route = createRoute({
  method: 'post',
  path: '/webhooks/paymongo',
  tags: ['Webhooks'],
  summary: 'Receive an event from PayMongo (GCash, Maya)',
  description: 'Answered once the event is stored. A repeated event is answered the same and stored once.',
  parameters: [{ in: 'header', name: 'Paymongo-Signature', required: true, schema: { type: 'string' } }],
  // Described, not parsed: the signature covers the bytes as they came.
  request: { body: { required: true, content: { 'application/json': { schema: { type: 'object' } } } } },
  responses: {
    200: json(z.strictObject({ received: z.literal(true) }).openapi('Received'), 'Stored'),
    ...problems(400, 413, 503),
  },
});

export const paymongoWebhookEndpoint = endpoint(route, async (c) => {
  const deps = c.get('deps');
  const event = await verified(deps, await c.req.text(), c.req.header('Paymongo-Signature') ?? '');
  const { id: eventId, type, account, livemode, payload } = event;
  const isNew = await receiveWebhook(c.get('em'), { provider: 'paymongo', eventId, type, account, livemode, payload });
  deps.metrics.webhooks.inc({ provider: 'paymongo', outcome: isNew ? 'accepted' : 'duplicate' });
  return c.json({ received: true } as const, 200);
});

/** Where GCash and Maya are not offered no webhook can be theirs. */
async function verified(deps: ApiDeps, rawBody: string, signature: string): Promise<ProviderEvent> {
  try {
    if (deps.paymongo) return await deps.paymongo.verifyWebhook(rawBody, signature);
  } catch (cause) {
    if (!(cause instanceof ProviderError) || cause.kind !== 'signature') throw cause;
    deps.metrics.webhooks.inc({ provider: 'paymongo', outcome: 'refused' });
    throw new ApiError('signature_invalid', { cause });
  }
  deps.metrics.webhooks.inc({ provider: 'paymongo', outcome: 'refused' });
  throw new ApiError('signature_invalid');
}
