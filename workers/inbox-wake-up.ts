/** Wakes the relay when a webhook arrives: LISTEN on one connection of its own, a slow poll where that fails. */

import { Client } from 'pg';
import type { Logger } from 'pino';

const POLL_MS = 2_000;
const RECONNECT_MS = 1_000;

export type InboxWakeUp = { wakeUp: () => Promise<void>; close: () => Promise<void> };

/** `wakeUp()` resolves at the next notification, or after the polling interval. */
export function listenToInbox(databaseUrl: string, log: Logger): InboxWakeUp {
  let pending = false;
  let wake: (() => void) | null = null;
  let closed = false;
  let client: Client | null = null;
  let reconnect: NodeJS.Timeout | undefined;

  const ring = (): void => {
    pending = true;
    wake?.();
  };
  const connect = async (): Promise<void> => {
    const listening = new Client({ connectionString: databaseUrl, options: '-c role=holdfast_app' });
    client = listening;
    const lost = (): void => {
      if (closed || client !== listening) return;
      client = null;
      log.warn('inbox relay: lost its listening connection, polling meanwhile');
      reconnect = setTimeout(() => void connect(), RECONNECT_MS);
    };
    listening.on('error', lost);
    listening.on('end', lost);
    listening.on('notification', ring);
    try {
      await listening.connect();
      await listening.query('listen webhook_inbox');
      ring();
    } catch {
      lost();
    }
  };
  void connect();

  return {
    async wakeUp() {
      if (!pending && !closed) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, POLL_MS);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      wake = null;
      pending = false;
    },
    async close() {
      closed = true;
      clearTimeout(reconnect);
      ring();
      await client?.end();
    },
  };
}
