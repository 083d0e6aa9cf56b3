/** What the Stripe adapter needs to know, and the client built from it. */

import Stripe from 'stripe';

export type StripeSettings = {
  /** `sk_…` or `rk_…`; its prefix also says whether events must be live or test ones. */
  secretKey: string;
  /** Signing secrets (`whsec_…`): several while one is being rolled. None: every webhook is refused. */
  webhookSecrets: readonly string[];
  /** Another base address for Stripe's API, e.g. a simulator's `http://127.0.0.1:12121`; empty or null: Stripe itself. */
  apiBase?: string | null;
  /** One request's time limit. 10 s by default. */
  timeoutMs?: number;
  /** The clock that dates webhooks, epoch milliseconds. */
  now?: () => number;
};

const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * The client as we use it: the package's own API version (its types describe no other), no retries (the workflow engine
 * retries, with the same key; the package still repeats a request once on a closed socket), no telemetry.
 */
export function createStripeClient(settings: StripeSettings): Stripe {
  return new Stripe(settings.secretKey, {
    apiVersion: Stripe.API_VERSION,
    timeout: settings.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    maxNetworkRetries: 0,
    telemetry: false,
    ...addressOf(settings.apiBase),
  });
}

/** Live keys see live events only: a test event at a live endpoint is a mix-up or an attack. */
export function isLiveKey(secretKey: string): boolean {
  return /^(sk|rk)_live_/.test(secretKey);
}

function addressOf(apiBase: string | null | undefined): Partial<Stripe.StripeConfig> {
  if (!apiBase) return {};
  const { protocol, hostname, port } = new URL(apiBase);
  if (protocol !== 'http:' && protocol !== 'https:') throw new TypeError(`not an http(s) address: ${apiBase}`);
  const secure = protocol === 'https:';
  return { host: hostname, port: port || (secure ? 443 : 80), protocol: secure ? 'https' : 'http' };
}
