/** How a careful client behaves when the other side may be down: it repeats the same request with the same key. */

import { setTimeout as delay } from 'node:timers/promises';
import { UnexpectedReply } from './request.ts';
import type { Patience } from './wait-for.ts';

const TIMEOUT_MS = 60_000;
const POLL_MS = 200;

/**
 * Repeats `call` while nothing answers, the outcome is unknown (202), the first try is still running (409) or a part
 * of the service is down (503). Any other refusal, and the last one when patience ends, is thrown as it came.
 */
export async function persist<T>(
  call: () => Promise<T>,
  { timeoutMs = TIMEOUT_MS, pollMs = POLL_MS }: Patience = {},
): Promise<T> {
  const givesUpAt = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isPassing(error) || Date.now() > givesUpAt) throw error;
    }
    await delay(pollMs);
  }
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof UnexpectedReply)) return isConnectionTrouble(error);
  return error.status === 202 || error.status === 503 || error.code === 'idempotency_key_in_progress';
}

/** What fetch throws where no answer comes. */
function isConnectionTrouble(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'TimeoutError' || (error instanceof TypeError && error.message === 'fetch failed');
}
