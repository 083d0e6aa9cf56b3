/** Waiting over HTTP: asks again until the answer is the one waited for, or a deadline passes. */

import { setTimeout as delay } from 'node:timers/promises';

export type Patience = {
  /** Default 60 s. */
  timeoutMs?: number;
  /** Between two questions; default 50 ms. */
  pollMs?: number;
};

const TIMEOUT_MS = 60_000;
const POLL_MS = 50;

/**
 * Asks until `isSo` accepts the answer, and returns that answer. Fails with an Error that names what was waited for
 * and shows the last answer; what `ask` throws ends the waiting.
 */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T>,
  isSo: (answer: T) => boolean,
  { timeoutMs = TIMEOUT_MS, pollMs = POLL_MS }: Patience = {},
): Promise<T> {
  const givesUpAt = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (isSo(answer)) return answer;
    if (Date.now() > givesUpAt) {
      throw new Error(`waited ${timeoutMs / 1000} s in vain until ${what}; the last answer: ${JSON.stringify(answer)}`);
    }
    await delay(pollMs);
  }
}
