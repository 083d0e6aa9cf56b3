/** Signs webhooks as PayMongo does: https://developers.paymongo.com/docs/creating-webhook, section 3. */

import { createHmac } from 'node:crypto';

/** The `Paymongo-Signature` header. A webhook has one secret; with several the first signs. */
export function signPayload(
  payload: string,
  secrets: readonly string[],
  timestampS: number,
  mode: 'test' | 'live' = 'test',
): string {
  const signature = createHmac('sha256', secrets[0] ?? '')
    .update(`${timestampS}.${payload}`)
    .digest('hex');
  return `t=${timestampS},te=${mode === 'test' ? signature : ''},li=${mode === 'live' ? signature : ''}`;
}
