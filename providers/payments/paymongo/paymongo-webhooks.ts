/** Checks that a webhook comes from PayMongo (https://developers.paymongo.com/docs/creating-webhook, section 3). */

import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { PaymentProvider, ProviderEvent } from '../port.ts';
import { ProviderError } from '../provider-error.ts';
import { isLiveKey, type PayMongoSettings } from './paymongo-settings.ts';

/** PayMongo recommends a limit without naming one. Each retry of a delivery is dated anew. */
const TOLERANCE_S = 300;

const eventSchema = z.object({
  data: z.object({
    id: z.string().min(1),
    type: z.literal('event'),
    attributes: z.object({
      type: z.string().min(1),
      livemode: z.boolean(),
      data: z.object({ id: z.string() }).nullish(),
    }),
  }),
});

/**
 * The webhook check over every configured secret. Fails with kind `signature`: signature_missing, signature_invalid
 * (forged, changed, too old, or no event), livemode_mismatch.
 */
export function createPayMongoWebhooks(
  settings: Pick<PayMongoSettings, 'secretKey' | 'webhookSecrets' | 'now'>,
): Pick<PaymentProvider, 'verifyWebhook'> {
  const secrets = settings.webhookSecrets.map((secret) => secret.trim()).filter((secret) => secret !== '');
  const live = isLiveKey(settings.secretKey);
  const now = settings.now ?? Date.now;

  return {
    async verifyWebhook(rawBody, signatureHeader) {
      if (!signatureHeader) throw refused('signature_missing');
      const { t, te, li } = partsOf(signatureHeader);
      // `te` signs test events and `li` live ones; the other one is empty.
      const signature = live ? li : te;
      const isDated = /^\d{1,12}$/.test(t) && Math.abs(now() / 1000 - Number(t)) <= TOLERANCE_S;
      if (!isDated || !secrets.some((secret) => isSigned(secret, `${t}.${rawBody}`, signature))) {
        throw refused('signature_invalid');
      }
      return eventOf(rawBody, live);
    },
  };
}

/** `t=…,te=…,li=…`; what is missing is empty, and so is everything where a part comes twice. */
function partsOf(header: string): { t: string; te: string; li: string } {
  const parts = new Map<string, string>();
  for (const part of header.split(',')) {
    const [name = '', ...value] = part.split('=');
    if (parts.has(name.trim())) return { t: '', te: '', li: '' };
    parts.set(name.trim(), value.join('=').trim());
  }
  return { t: parts.get('t') ?? '', te: parts.get('te') ?? '', li: parts.get('li') ?? '' };
}

function isSigned(secret: string, payload: string, signature: string): boolean {
  const expected = createHmac('sha256', secret).update(payload).digest();
  const given = /^[0-9a-f]{64}$/i.test(signature) ? Buffer.from(signature, 'hex') : Buffer.alloc(0);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function eventOf(rawBody: string, live: boolean): ProviderEvent {
  const payload = parse(rawBody);
  const event = eventSchema.safeParse(payload);
  if (!event.success) throw refused('signature_invalid');
  const { id, attributes } = event.data.data;
  if (attributes.livemode !== live) throw refused('livemode_mismatch');
  const { type, livemode, data } = attributes;
  return { id, type, objectId: data?.id ?? null, account: null, livemode, payload };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function refused(code: string): ProviderError {
  return new ProviderError({ kind: 'signature', code, retryable: false });
}
