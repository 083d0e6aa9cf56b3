/** Starts the Stripe simulator: a stateful server that the real stripe package talks to. */

import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { createClock } from '../shared/clock.ts';
import { openStore } from '../shared/data-file.ts';
import { createDispatcher, type Dispatcher } from '../shared/dispatcher.ts';
import { createFaults } from '../shared/fault-rules.ts';
import type { WebhookEndpoint } from '../shared/post-webhook.ts';
import { serve } from '../shared/serve.ts';
import { createControl, type SimulatorControl } from './control.ts';
import { seedAccounts } from './engine/accounts.ts';
import { recordEvent } from './engine/events.ts';
import { lapseAuthorisations } from './engine/payment-intents.ts';
import { answerError } from './http/answer.ts';
import { authenticate } from './http/auth.ts';
import type { SimulatorEnv } from './http/env.ts';
import { innerFaults, outerFaults } from './http/faults.ts';
import { idempotency, pruneKeys } from './http/idempotency.ts';
import { createRequestLog } from './http/request-log.ts';
import type { EventObject } from './objects.ts';
import { pageRoutes } from './page.ts';
import { accountRoutes } from './routes/account.ts';
import { controlRoutes } from './routes/control.ts';
import { disputeRoutes } from './routes/disputes.ts';
import { moneyRoutes } from './routes/money.ts';
import { paymentIntentRoutes } from './routes/payment-intents.ts';
import { DEFAULT_SETTINGS, type Simulation, type SimulationSettings } from './simulation.ts';
import { createStore } from './store.ts';
import { StripeFault } from './stripe-fault.ts';
import { signWebhook } from './webhooks/sign.ts';

export type StripeSimulatorOptions = {
  host?: string;
  /** 0 (the default) takes any free port. */
  port?: number;
  webhooks?: readonly WebhookEndpoint[];
  /** Keeps everything in this file; without one it is forgotten at the end. */
  dataFile?: string | null;
  settings?: Partial<SimulationSettings>;
  /** Wait before a webhook's second attempt, doubling from there. 1 s by default. */
  webhookRetryMs?: number;
  /** Epoch milliseconds; `control.advanceClock` adds to it. */
  now?: () => number;
  log?: (message: string, fields: Record<string, unknown>) => void;
};

export type StripeSimulator = { url: string; port: number; control: SimulatorControl; close(): Promise<void> };

const SWEEP_EVERY_MS = 1_000;

/** Resolves once it answers. Fails when the port is taken or the data file cannot be used. */
export async function startStripeSimulator(options: StripeSimulatorOptions = {}): Promise<StripeSimulator> {
  const { store, ...file } = await openStore(options.dataFile ?? null, createStore);
  const dispatcher = createDispatcher<EventObject>({
    outbox: {
      event: (id) => store.get('events', id),
      deliveries: () => store.all('deliveries'),
      put: (delivery) => store.put('deliveries', delivery),
      delete: (id) => store.delete('deliveries', id),
    },
    about: ({ id, type, created }) => ({ id, type, createdS: created }),
    body: (event) => event,
    sign: signWebhook,
    endpoints: options.webhooks ?? [],
    retryBaseMs: options.webhookRetryMs ?? 1_000,
    log: options.log ?? (() => undefined),
  });
  const host = options.host ?? '127.0.0.1';
  let url = '';
  const clock = createClock(options.now);
  const simulation: Simulation = {
    store,
    clock,
    settings: { ...DEFAULT_SETTINGS, ...options.settings },
    baseUrl: () => url,
    emit(type, object, account) {
      const endpoints = dispatcher.endpoints().length;
      dispatcher.send(recordEvent(store, { type, object, account, nowMs: clock.now(), endpoints }));
    },
  };
  seedAccounts(simulation);
  const { app, control } = createApp(simulation, dispatcher, file.flush);

  const server = await serve(app.fetch, host, options.port ?? 0);
  ({ url } = server);
  dispatcher.resume();
  const timer = setInterval(() => sweep(simulation), SWEEP_EVERY_MS).unref();

  return {
    url,
    port: server.port,
    control,
    async close() {
      clearInterval(timer);
      dispatcher.close();
      server.close();
      file.close();
    },
  };
}

function createApp(
  simulation: Simulation,
  dispatcher: Dispatcher<EventObject>,
  flush: () => void,
): { app: Hono<SimulatorEnv>; control: SimulatorControl } {
  const faults = createFaults();
  const requestLog = createRequestLog();
  const control = createControl({ simulation, dispatcher, requestLog, faults, sweep: () => sweep(simulation) });
  const app = new Hono<SimulatorEnv>();
  app.onError(answerError);
  app.notFound((c) => {
    const message = `Unrecognized request URL (${c.req.method}: ${c.req.path}).`;
    return answerError(new StripeFault(404, { type: 'invalid_request_error', message }, { stored: false }), c);
  });
  app.use(async (_c, next) => {
    await next();
    flush();
  });
  app.use('/v1/*', cors(), requestLog.middleware, authenticate);
  app.use('/v1/*', outerFaults(faults), idempotency(simulation), innerFaults);
  paymentIntentRoutes(app, simulation);
  moneyRoutes(app, simulation);
  disputeRoutes(app, simulation);
  accountRoutes(app, simulation);
  controlRoutes(app, control);
  pageRoutes(app, simulation);
  return { app, control };
}

/** What the passing of time brings about. */
function sweep(simulation: Simulation): void {
  lapseAuthorisations(simulation);
  pruneKeys(simulation);
  const eventsSince = (simulation.clock.now() - simulation.settings.eventLifeMs) / 1000;
  for (const { id, created } of simulation.store.all('events')) {
    if (created >= eventsSince) break;
    simulation.store.delete('events', id);
  }
}
