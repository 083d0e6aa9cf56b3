/** Delivers events to the webhook endpoints, and tries again until one answers 2xx. */

import type { Delivery, EventObject } from '../objects.ts';
import { newStripeId } from '../simulation.ts';
import type { Store } from '../store.ts';
import { POLITE, type WebhookBehaviour } from './behaviour.ts';
import { createPendingWork } from './pending-work.ts';
import { postWebhook, type WebhookEndpoint } from './post-webhook.ts';

export type DispatcherOptions = {
  store: Store;
  endpoints: readonly WebhookEndpoint[];
  /** Wait before the second attempt; doubles with each further one, up to 5 minutes. */
  retryBaseMs: number;
  log: (message: string, fields: Record<string, unknown>) => void;
};

export type Dispatcher = {
  /** Unless the behaviour drops it. */
  send(event: EventObject): void;
  /** Whatever the behaviour says about dropping. */
  deliver(event: EventObject): void;
  /** Picks up what a restart left undelivered. */
  resume(): void;
  configure: (changes: Partial<WebhookBehaviour>) => WebhookBehaviour;
  addEndpoint: (endpoint: WebhookEndpoint) => void;
  endpoints(): readonly WebhookEndpoint[];
  /** Resolves when nothing is being delivered or waiting for its next attempt. */
  idle: () => Promise<void>;
  close(): void;
};

const RETRY_CAP_MS = 300_000;
const GIVE_UP_AFTER_S = 3 * 86_400;

/** The dispatcher of one simulator. */
export function createDispatcher({ store, endpoints: initial, retryBaseMs, log }: DispatcherOptions): Dispatcher {
  const endpoints = [...initial];
  const pending = createPendingWork();
  let behaviour = POLITE;

  /** An event or endpoint that is gone needs no delivery. One cut short by the close is resumed by the next start. */
  async function attempt(delivery: Delivery): Promise<void> {
    const event = store.get('events', delivery.eventId);
    const endpoint = endpoints.find(({ url }) => url === delivery.url);
    const problem = event && endpoint ? await postWebhook(event, endpoint, pending.signal) : null;
    if (pending.signal.aborted) return;
    if (!event || problem === null) return store.delete('deliveries', delivery.id);
    const { url, attempts } = delivery;
    log('webhook not delivered', { url, type: event.type, attempts: attempts + 1, problem });
    if (Date.now() / 1000 - event.created > GIVE_UP_AFTER_S) return store.delete('deliveries', delivery.id);
    schedule({ ...delivery, attempts: attempts + 1 }, Math.min(RETRY_CAP_MS, retryBaseMs * 2 ** attempts));
  }

  function schedule(delivery: Delivery, waitMs: number): void {
    store.put('deliveries', delivery);
    pending.later(waitMs, () => attempt(delivery));
  }

  function deliver(event: EventObject): void {
    for (const { url, enabledEvents } of endpoints) {
      if (enabledEvents && !enabledEvents.includes(event.type)) continue;
      for (let copy = 1; copy <= behaviour.copies; copy += 1) {
        const waitMs = behaviour.delayMs + Math.random() * behaviour.shuffleMs;
        schedule({ id: newStripeId('whd'), eventId: event.id, url, attempts: 0 }, waitMs);
      }
    }
  }

  return {
    send(event) {
      if (behaviour.drop === 'all') return;
      if (behaviour.drop === 0) return deliver(event);
      behaviour = { ...behaviour, drop: behaviour.drop - 1 };
    },
    deliver,
    resume() {
      for (const delivery of store.all('deliveries')) schedule(delivery, retryBaseMs);
    },
    configure(changes) {
      behaviour = { ...behaviour, ...changes };
      return behaviour;
    },
    addEndpoint(endpoint) {
      const index = endpoints.findIndex(({ url }) => url === endpoint.url);
      endpoints.splice(index === -1 ? endpoints.length : index, 1, endpoint);
    },
    endpoints: () => endpoints,
    idle: pending.idle,
    close: pending.close,
  };
}
