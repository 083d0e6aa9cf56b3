/** One attempt to deliver one event to one endpoint. */

export type WebhookEndpoint = {
  url: string;
  /** Several while one is being rolled. */
  secrets: readonly string[];
  /** Event types it wants; all when absent. */
  enabledEvents?: readonly string[];
};

/** The provider's own header over the body; `timestampS` in real time, whatever a simulation's clock says. */
export type SignWebhook = (body: string, secrets: readonly string[], timestampS: number) => Record<string, string>;

const TIMEOUT_MS = 10_000;

/** What went wrong, or null after a 2xx. Redirects are not followed: providers count them as failures. */
export async function postWebhook(
  body: string,
  { url, secrets }: WebhookEndpoint,
  sign: SignWebhook,
  signal: AbortSignal,
): Promise<string | null> {
  const signature = sign(body, secrets, Math.floor(Date.now() / 1000));
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json; charset=utf-8', ...signature },
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
