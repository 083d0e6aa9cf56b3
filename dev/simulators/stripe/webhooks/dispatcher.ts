/** Delivers events to the webhook endpoints, and tries again until one answers 2xx. */

import type { Delivery, EventObject } from '../objects.ts';
import { newStripeId } from '../simulation.ts';
import type { Store } from '../store.ts';
import { POLITE, type WebhookBehaviour } from './behaviour.ts';
import { signPayload } from './sign.ts';

export type WebhookEndpoint = {
  url: string;
  /** Several while one is being rolled: each webhook then carries a signature per secret. */
  secrets: readonly string[];
  /** Event types it wants; all when absent. */
  enabledEvents?: readonly string[];
};

export type DispatcherOptions = {
  store: Store;
  endpoints: readonly WebhookEndpoint[];
  /** Wait before the second attempt; doubles with each further one. */
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
  configure(behaviour: Partial<WebhookBehaviour>): WebhookBehaviour;
  addEndpoint(endpoint: WebhookEndpoint): void;
  endpoints(): readonly WebhookEndpoint[];
  /** Resolves when nothing is being delivered or waiting for its next attempt. */
  idle(): Promise<void>;
  close(): void;
};

const TIMEOUT_MS = 10_000;
const RETRY_CAP_MS = 300_000;
const GIVE_UP_AFTER_S = 3 * 86_400;

/** The dispatcher of one simulator. */
export function createDispatcher({ store, endpoints: initial, retryBaseMs, log }: DispatcherOptions): Dispatcher {
  const endpoints = [...initial];
  const timers = new Map<string, NodeJS.Timeout>();
  const closing = new AbortController();
  let behaviour = POLITE;
  let inFlight = 0;
  let waiters: (() => void)[] = [];

  function schedule(delivery: Delivery, waitMs: number): void {
    if (closing.signal.aborted) return;
    const timer = setTimeout(() => {
      timers.delete(delivery.id);
      void attempt(delivery);
    }, waitMs);
    timers.set(delivery.id, timer.unref());
  }

  async function attempt(delivery: Delivery): Promise<void> {
    inFlight += 1;
    const problem = await post(delivery);
    inFlight -= 1;
    if (closing.signal.aborted) return;
    if (problem === null) store.delete('deliveries', delivery.id);
    else retry(delivery, problem);
    if (inFlight === 0 && timers.size === 0) settle();
  }

  /** What went wrong, or null. An event or endpoint that is gone needs no delivery. */
  async function post({ eventId, url }: Delivery): Promise<string | null> {
    const event = store.get('events', eventId);
    const endpoint = endpoints.find((candidate) => candidate.url === url);
    if (!event || !endpoint) return null;
    const body = JSON.stringify(event, null, 2);
    const signature = signPayload(body, endpoint.secrets, Math.floor(Date.now() / 1000));
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json; charset=utf-8', 'Stripe-Signature': signature },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      await response.body?.cancel();
      return response.ok ? null : `answered ${response.status}`;
    } catch {
      return 'no answer';
    }
  }

  function retry(delivery: Delivery, problem: string): void {
    const next = { ...delivery, attempts: delivery.attempts + 1 };
    const event = store.get('events', delivery.eventId);
    log('webhook not delivered', { url: next.url, type: event?.type, attempts: next.attempts, problem });
    if (!event || Date.now() / 1000 - event.created > GIVE_UP_AFTER_S) return store.delete('deliveries', next.id);
    store.put('deliveries', next);
    schedule(next, Math.min(RETRY_CAP_MS, retryBaseMs * 2 ** delivery.attempts));
  }

  function settle(): void {
    for (const resolve of waiters) resolve();
    waiters = [];
  }

  function deliver(event: EventObject): void {
    for (const { url, enabledEvents } of endpoints) {
      if (enabledEvents && !enabledEvents.includes(event.type)) continue;
      for (let copy = 1; copy <= behaviour.copies; copy += 1) {
        const delivery = store.put('deliveries', { id: newStripeId('whd'), eventId: event.id, url, attempts: 0 });
        schedule(delivery, behaviour.delayMs + Math.random() * behaviour.shuffleMs);
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
    idle() {
      if (inFlight === 0 && timers.size === 0) return Promise.resolve();
      return new Promise((resolve) => waiters.push(resolve));
    },
    close() {
      closing.abort();
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
      settle();
    },
  };
}
