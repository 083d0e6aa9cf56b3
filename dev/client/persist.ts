/** How a careful client behaves when the other side may be down: it repeats the same request with the same key. */

import { setTimeout as delay } from 'node:timers/promises';
import { isNativeError } from 'node:util/types';
import { UnexpectedReply } from './request.ts';
import type { Patience } from './wait-for.ts';

const TIMEOUT_MS = 60_000;
const POLL_MS = 200;

/**
 * Repeats `call` while nothing answers, the outcome is unknown (202), the first try is still running (409) or a part
 * of the service is down (503); where the answer says when to come again (Retry-After), not before that. Any other
 * refusal, and the last one when patience ends, is thrown as it came.
 */
export async function persist<T>(
  call: () => Promise<T>,
  { timeoutMs = TIMEOUT_MS, pollMs = POLL_MS }: Patience = {},
): Promise<T> {
  const givesUpAt = Date.now() + timeoutMs;
  for (;;) {
    let pauseMs = pollMs;
    try {
      return await call();
    } catch (error) {
      if (!isPassing(error) || Date.now() > givesUpAt) throw error;
      pauseMs = Math.max(pauseMs, retryAfterMs(error));
    }
    await delay(pauseMs);
  }
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof UnexpectedReply)) return isConnectionTrouble(error);
  return error.status === 202 || error.status === 503 || error.code === 'idempotency_key_in_progress';
}

function retryAfterMs(error: unknown): number {
  return error instanceof UnexpectedReply ? Number(error.reply.headers.get('retry-after') ?? 0) * 1_000 : 0;
}

/** What fetch throws where no answer comes, or the connection ends in the middle of it. */
function isConnectionTrouble(error: unknown): boolean {
  // Not `instanceof`: inside Jest, fetch's errors are of another realm.
  if (!isNativeError(error)) return false;
  if (error.name === 'TypeError') return error.message === 'fetch failed' || error.message === 'terminated';
  return error.name === 'TimeoutError';
}
