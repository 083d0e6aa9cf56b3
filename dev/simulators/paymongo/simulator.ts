/** Starts the PayMongo simulator: a stateful server that answers as PayMongo does for GCash and Maya. */

import { Hono } from 'hono';
import { z } from 'zod';
import { createClock } from '../shared/clock.ts';
import { openStore } from '../shared/data-file.ts';
import { createDispatcher, type Dispatcher } from '../shared/dispatcher.ts';
import { createFaults } from '../shared/fault-rules.ts';
import type { WebhookEndpoint } from '../shared/post-webhook.ts';
import { serve } from '../shared/serve.ts';
import { createControl, type SimulatorControl } from './control.ts';
import { lapseApprovals } from './engine/payment-intents.ts';
import { type RecordedRequest, troubles } from './faults.ts';
import type { EventObject } from './objects.ts';
import { pageRoutes } from './page.ts';
import { PayMongoFault } from './paymongo-fault.ts';
import { apiRoutes, type SimulatorEnv } from './routes/api.ts';
import { controlRoutes } from './routes/control.ts';
import { signPayload } from './sign.ts';
import {
  createStore,
  DEFAULT_SETTINGS,
  newPayMongoId,
  nowSeconds,
  type Simulation,
  type SimulationSettings,
  type Store,
} from './simulation.ts';

export type PayMongoSimulatorOptions = {
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

export type PayMongoSimulator = { url: string; control: SimulatorControl; close(): Promise<void> };

const SWEEP_EVERY_MS = 1_000;

/** Resolves once it answers. Fails when the port is taken or the data file cannot be used. */
export async function startPayMongoSimulator(options: PayMongoSimulatorOptions = {}): Promise<PayMongoSimulator> {
  const { store, ...file } = await openStore(options.dataFile ?? null, createStore);
  const dispatcher = dispatcherOver(store, options);
  const host = options.host ?? '127.0.0.1';
  let url = '';
  const simulation: Simulation = {
    store,
    clock: createClock(options.now),
    settings: { ...DEFAULT_SETTINGS, ...options.settings },
    baseUrl: () => url,
    emit(type, object) {
      dispatcher.send(recordEvent(simulation, type, object, dispatcher.endpoints().length));
    },
  };
  const { app, control } = createApp(simulation, dispatcher, file.flush);

  const server = await serve(app.fetch, host, options.port ?? 0);
  ({ url } = server);
  dispatcher.resume();
  const timer = setInterval(() => lapseApprovals(simulation), SWEEP_EVERY_MS).unref();

  return {
    url,
    control,
    async close() {
      clearInterval(timer);
      dispatcher.close();
      server.close();
      file.close();
    },
  };
}

function dispatcherOver(store: Store, { webhooks, webhookRetryMs, log }: PayMongoSimulatorOptions) {
  return createDispatcher<EventObject>({
    outbox: {
      event: (id) => store.get('events', id),
      deliveries: () => store.all('deliveries'),
      put: (delivery) => store.put('deliveries', delivery),
      delete: (id) => store.delete('deliveries', id),
    },
    about: ({ id, attributes }) => ({ id, type: attributes.type, createdS: attributes.created_at }),
    body: (event) => ({ data: event }),
    sign: (body, secrets, timestampS) => ({ 'Paymongo-Signature': signPayload(body, secrets, timestampS) }),
    endpoints: webhooks ?? [],
    retryBaseMs: webhookRetryMs ?? 1_000,
    log: log ?? (() => undefined),
  });
}

function recordEvent(simulation: Simulation, type: string, object: object, endpoints: number): EventObject {
  const now = nowSeconds(simulation);
  return simulation.store.put('events', {
    id: newPayMongoId('evt'),
    type: 'event',
    attributes: {
      type,
      livemode: false,
      data: structuredClone(object),
      previous_data: {},
      pending_webhooks: endpoints,
      created_at: now,
      updated_at: now,
    },
  });
}

function createApp(
  simulation: Simulation,
  dispatcher: Dispatcher<EventObject>,
  flush: () => void,
): { app: Hono<SimulatorEnv>; control: SimulatorControl } {
  const faults = createFaults();
  const requests: RecordedRequest[] = [];
  const control = createControl({ simulation, dispatcher, requests, faults });
  const app = new Hono<SimulatorEnv>();
  app.onError((error, c) => {
    const fault = faultOf(error);
    return c.json(fault.body, fault.status);
  });
  app.notFound((c) => c.json(new PayMongoFault(404, 'resource_not_found', 'There is nothing here.').body, 404));
  app.use(async (_c, next) => {
    await next();
    flush();
  });
  app.use('/v1/*', troubles(faults, requests));
  apiRoutes(app, simulation);
  controlRoutes(app, control);
  pageRoutes(app, simulation);
  return { app, control };
}

function faultOf(error: Error): PayMongoFault {
  if (error instanceof PayMongoFault) return error;
  if (error instanceof z.ZodError || error instanceof SyntaxError) {
    return new PayMongoFault(400, 'parameter_invalid', error.message);
  }
  return new PayMongoFault(500, 'internal_server_error', `The simulator failed: ${error.message}`);
}
