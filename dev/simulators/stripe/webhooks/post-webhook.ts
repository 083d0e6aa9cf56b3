/** One attempt to deliver one event to one endpoint. */

import type { EventObject } from '../objects.ts';
import { signPayload } from './sign.ts';

export type WebhookEndpoint = {
  url: string;
  /** Several while one is being rolled: each webhook then carries a signature per secret. */
  secrets: readonly string[];
  /** Event types it wants; all when absent. */
  enabledEvents?: readonly string[];
};

const TIMEOUT_MS = 10_000;

/** What went wrong, or null after a 2xx. Redirects are not followed: Stripe counts them as failures. */
export async function postWebhook(
  event: EventObject,
  { url, secrets }: WebhookEndpoint,
  signal: AbortSignal,
): Promise<string | null> {
  const body = JSON.stringify(event, null, 2);
  // Real time, whatever the simulation's clock says: the receiver checks the age.
  const signature = signPayload(body, secrets, Math.floor(Date.now() / 1000));
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json; charset=utf-8', 'Stripe-Signature': signature },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    await response.body?.cancel();
    return response.ok ? null : `answered ${response.status}`;
  } catch {
    return 'no answer';
  }
}
