/** Signs webhooks as Stripe does, by the stripe package's own helper. */

import Stripe from 'stripe';

const { webhooks } = new Stripe('sk_test_simulator');

/** The `Stripe-Signature` header: one signature per secret, as while a secret is being rolled. */
export function signPayload(payload: string, secrets: readonly string[], timestamp: number): string {
  const signatures = secrets.map((secret) => {
    const header = webhooks.generateTestHeaderString({ payload, secret, timestamp });
    return header.slice(header.indexOf('v1='));
  });
  return [`t=${timestamp}`, ...signatures].join(',');
}

/** The headers of a webhook. */
export function signWebhook(body: string, secrets: readonly string[], timestampS: number): Record<string, string> {
  return { 'Stripe-Signature': signPayload(body, secrets, timestampS) };
}
