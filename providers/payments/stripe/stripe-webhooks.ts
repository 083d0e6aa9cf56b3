/** Checks that a webhook comes from Stripe. */

import type Stripe from 'stripe';
import type { PaymentProvider, ProviderEvent } from '../port.ts';
import { ProviderError } from '../provider-error.ts';
import { isLiveKey, type StripeSettings } from './stripe-settings.ts';

/** Never 0: the package reads that as "do not check the age" since version 23. */
const TOLERANCE_S = 300;

/**
 * The webhook check over every configured secret (two are valid while one is rolled). Fails with kind `signature`:
 * signature_missing, signature_invalid (forged, changed or too old), livemode_mismatch.
 */
export function createStripeWebhooks(stripe: Stripe, settings: StripeSettings): Pick<PaymentProvider, 'verifyWebhook'> {
  const secrets = settings.webhookSecrets.map((secret) => secret.trim()).filter((secret) => secret !== '');
  const now = settings.now ?? Date.now;

  async function verified(rawBody: string, signatureHeader: string): Promise<Stripe.Event> {
    for (const secret of secrets) {
      try {
        return await stripe.webhooks.constructEventAsync(
          rawBody,
          signatureHeader,
          secret,
          TOLERANCE_S,
          undefined,
          now(),
        );
      } catch {
        // The next secret may fit; what was wrong with this one tells a sender nothing they should know.
      }
    }
    throw refused('signature_invalid');
  }

  return {
    async verifyWebhook(rawBody, signatureHeader) {
      if (!signatureHeader) throw refused('signature_missing');
      const event = await verified(rawBody, signatureHeader);
      if (event.livemode !== isLiveKey(settings.secretKey)) throw refused('livemode_mismatch');
      return toProviderEvent(event);
    },
  };
}

function toProviderEvent(event: Stripe.Event): ProviderEvent {
  const object: object = event.data.object;
  return {
    id: event.id,
    type: event.type,
    objectId: 'id' in object && typeof object.id === 'string' ? object.id : null,
    account: event.account ?? null,
    livemode: event.livemode,
    payload: event,
  };
}

function refused(code: string): ProviderError {
  return new ProviderError({ kind: 'signature', code, retryable: false });
}
