/** What all webhook routes do: check the signature on the raw body, keep the event, say thank you. Acting on it comes later. */

import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { receiveWebhook } from '../../db/repositories/webhook-inbox.ts';
import type { PaymentProvider, ProviderEvent } from '../../providers/payments/port.ts';
import { ProviderError } from '../../providers/payments/provider-error.ts';
import type { AppEnv } from '../context.ts';
import { ApiError } from '../errors.ts';
import { json, problems } from '../schemas/responses.ts';

/** The route's part that is the same for every provider. The body is described, not parsed: the signature covers its bytes. */
export const WEBHOOK = {
  tags: ['Webhooks'],
  description: 'Answered once the event is stored. A repeated event is answered the same and stored once.',
  request: { body: { required: true, content: { 'application/json': { schema: { type: 'object' as const } } } } },
  responses: {
    200: json(z.strictObject({ received: z.literal(true) }).openapi('Received'), 'Stored'),
    ...problems(400, 413, 503),
  },
};

/** Where the signature is, and who can tell; null: that provider is not offered, so no webhook can be its. */
type Sender = {
  provider: 'stripe' | 'paymongo';
  header: string;
  verifier: Pick<PaymentProvider, 'verifyWebhook'> | null;
};

/** Stores the event of this request once. Fails with signature_invalid. */
export async function receive(c: Context<AppEnv>, { provider, header, verifier }: Sender): Promise<{ received: true }> {
  const { metrics } = c.get('deps');
  const event = await verified(verifier, await c.req.text(), c.req.header(header) ?? '').catch((cause: unknown) => {
    if (!(cause instanceof ProviderError) || cause.kind !== 'signature') throw cause;
    metrics.webhooks.inc({ provider, outcome: 'refused' });
    throw new ApiError('signature_invalid', { cause });
  });
  const { id: eventId, type, account, livemode, payload } = event;
  const isNew = await receiveWebhook(c.get('em'), { provider, eventId, type, account, livemode, payload });
  metrics.webhooks.inc({ provider, outcome: isNew ? 'accepted' : 'duplicate' });
  return { received: true };
}

async function verified(verifier: Sender['verifier'], rawBody: string, signature: string): Promise<ProviderEvent> {
  if (!verifier) throw new ProviderError({ kind: 'signature', code: 'provider_not_configured', retryable: false });
  return verifier.verifyWebhook(rawBody, signature);
}
