/** Delivers events to the webhook endpoints, and tries again until one answers 2xx. */

import { randomUUID } from 'node:crypto';
import { POLITE, type WebhookBehaviour } from './behaviour.ts';
import { createPendingWork } from './pending-work.ts';
import { postWebhook, type SignWebhook, type WebhookEndpoint } from './post-webhook.ts';

/** A webhook on its way to one endpoint. */
export type Delivery = { id: string; eventId: string; url: string; attempts: number };

/** Where a simulator keeps its events and what is still to be delivered. */
export type Outbox<Event> = {
  event(id: string): Event | undefined;
  deliveries(): readonly Delivery[];
  put(delivery: Delivery): void;
  delete(id: string): void;
};

export type DispatcherOptions<Event> = {
  outbox: Outbox<Event>;
  about: (event: Event) => { id: string; type: string; createdS: number };
  /** What is sent of an event. */
  body: (event: Event) => object;
  sign: SignWebhook;
  endpoints: readonly WebhookEndpoint[];
  /** Wait before the second attempt; doubles with each further one, up to 5 minutes. */
  retryBaseMs: number;
  log: (message: string, fields: Record<string, unknown>) => void;
};

export type Dispatcher<Event> = {
  /** Unless the behaviour drops it. */
  send(event: Event): void;
  /** Whatever the behaviour says about dropping. */
  deliver(event: Event): void;
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
export function createDispatcher<Event>(options: DispatcherOptions<Event>): Dispatcher<Event> {
  const { outbox, about, body, sign, retryBaseMs, log } = options;
  const endpoints = [...options.endpoints];
  const pending = createPendingWork();
  let behaviour = POLITE;

  /** An event or endpoint that is gone needs no delivery. One cut short by the close is resumed by the next start. */
  async function attempt(delivery: Delivery): Promise<void> {
    const event = outbox.event(delivery.eventId);
    const endpoint = endpoints.find(({ url }) => url === delivery.url);
    const problem = event && endpoint ? await post(event, endpoint) : null;
    if (pending.signal.aborted) return;
    if (!event || problem === null) return outbox.delete(delivery.id);
    const { url, attempts } = delivery;
    const { type, createdS } = about(event);
    log('webhook not delivered', { url, type, attempts: attempts + 1, problem });
    if (Date.now() / 1000 - createdS > GIVE_UP_AFTER_S) return outbox.delete(delivery.id);
    schedule({ ...delivery, attempts: attempts + 1 }, Math.min(RETRY_CAP_MS, retryBaseMs * 2 ** attempts));
  }

  function post(event: Event, endpoint: WebhookEndpoint): Promise<string | null> {
    return postWebhook(JSON.stringify(body(event), null, 2), endpoint, sign, pending.signal);
  }

  function schedule(delivery: Delivery, waitMs: number): void {
    outbox.put(delivery);
    pending.later(waitMs, () => attempt(delivery));
  }

  function deliver(event: Event): void {
    const { id: eventId, type } = about(event);
    for (const { url, enabledEvents } of endpoints) {
      if (enabledEvents && !enabledEvents.includes(type)) continue;
      for (let copy = 1; copy <= behaviour.copies; copy += 1) {
        const waitMs = behaviour.delayMs + Math.random() * behaviour.shuffleMs;
        schedule({ id: `whd_${randomUUID()}`, eventId, url, attempts: 0 }, waitMs);
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
      for (const delivery of outbox.deliveries()) schedule(delivery, retryBaseMs);
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
