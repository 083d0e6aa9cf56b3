/** What the PayMongo adapter needs to know. */

export type PayMongoSettings = {
  /** `sk_…`; its prefix also says whether events must be live or test ones. */
  secretKey: string;
  /** The webhooks' secrets (`whsk_…`): several while one is being replaced. None: every webhook is refused. */
  webhookSecrets: readonly string[];
  /** Where the buyer comes back to from GCash or Maya, whatever the outcome. */
  returnUrl: string;
  /** Another base address for the API, e.g. a simulator's `http://127.0.0.1:12122`; empty or null: PayMongo itself. */
  apiBase?: string | null;
  /** One request's time limit. 15 s by default: attaching waits for GCash or Maya. */
  timeoutMs?: number;
  /** The clock that dates webhooks, epoch milliseconds. */
  now?: () => number;
};

/** Live keys see live events only: a test event at a live endpoint is a mix-up or an attack. */
export function isLiveKey(secretKey: string): boolean {
  return secretKey.startsWith('sk_live_');
}
