/** Entry point of the workers: by default one process runs every role; HOLDFAST_ROLES picks some. */

import { flushCompileCache } from 'node:module';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Runtime, type Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { type Logger, pino } from 'pino';
import { createPaymentActivities } from '../activities/create-payment-activities.ts';
import type { ActivityDependencies } from '../activities/index.ts';
import { initOrm } from '../db/orm.ts';
import { createPaymentProviders } from '../providers/payments/create-providers.ts';
import { buildWorkflowBundle } from './build-bundle.ts';
import { readConfig, type WorkerConfig } from './config.ts';
import { createBulkWorker, createCoreWorker, createPaymentsWorker } from './create-worker.ts';
import { handlerOfProvider, startInboxRelay } from './inbox-relay.ts';
import { listenToInbox } from './inbox-wake-up.ts';
import { createPayMongoWebhookHandler } from './paymongo-webhooks.ts';
import { ensureSchedules } from './schedules.ts';
import { createStripeWebhookHandler } from './stripe-webhooks.ts';
import { temporalLogger } from './temporal-logger.ts';

type Stop = () => Promise<void>;

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = pino({ name: 'workers', level: config.logLevel });
  Runtime.install({ logger: temporalLogger(log), shutdownSignals: [] });
  const orm = await initOrm(config.databaseUrl, { pool: { min: 2, max: 24 } });
  const providers = createPaymentProviders({ stripe: config.stripe, paymongo: config.paymongo });
  const deps: ActivityDependencies = { orm, providers, timeScale: config.timeScale };

  const [workers] = await Promise.all([
    createWorkers(config, deps),
    config.roles.includes('bulk') ? setUpSchedules(config) : null,
  ]);
  const stopRelay = config.roles.includes('relay') ? await startRelay(config, deps, log) : async () => {};
  const running = Promise.all(workers.map((worker) => worker.run()));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info({ signal }, 'workers stopping');
      for (const worker of workers) worker.shutdown();
      if (workers.length === 0) void stopRelay().then(() => orm.close());
    });
  }
  log.info({ roles: config.roles, namespace: config.temporal.namespace }, 'workers ready');
  // With NODE_COMPILE_CACHE: the next start is quicker, even if this process is killed.
  flushCompileCache();
  await running;
  if (workers.length > 0) {
    await stopRelay();
    await orm.close();
  }
}

async function createWorkers(config: WorkerConfig, deps: ActivityDependencies): Promise<Worker[]> {
  const [core, payments, bulk] = (['core', 'payments', 'bulk'] as const).map((role) => config.roles.includes(role));
  if (!core && !payments && !bulk) return [];
  const { address, namespace } = config.temporal;
  const [connection, bundle] = await Promise.all([
    NativeConnection.connect({ address }),
    core || bulk ? workflowBundleOf(config) : null,
  ]);
  const connected = { connection, namespace };
  const workers: Worker[] = [];
  if (bundle && core) workers.push(await createCoreWorker(connected, bundle, deps));
  if (bundle && bulk) workers.push(await createBulkWorker(connected, bundle, deps));
  if (payments) {
    workers.push(await createPaymentsWorker(connected, deps, config.stripe.requestsPerSecond));
  }
  return workers;
}

async function setUpSchedules({ temporal }: WorkerConfig): Promise<void> {
  const connection = await Connection.connect({ address: temporal.address });
  try {
    await ensureSchedules(new Client({ connection, namespace: temporal.namespace }));
  } finally {
    await connection.close();
  }
}

async function workflowBundleOf({ workflowBundle }: WorkerConfig): Promise<WorkflowBundleOption> {
  return workflowBundle === null ? await buildWorkflowBundle() : { codePath: workflowBundle };
}

async function startRelay(config: WorkerConfig, deps: ActivityDependencies, log: Logger): Promise<Stop> {
  const { address, namespace } = config.temporal;
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace });
  const inbox = listenToInbox(config.databaseUrl, log);
  const { refundLatePayment } = createPaymentActivities(deps);
  const { orm, providers } = deps;
  const handle = handlerOfProvider({
    stripe: createStripeWebhookHandler({ orm, client, stripe: providers.get('stripe'), refundLatePayment }),
    ...(config.paymongo && {
      paymongo: createPayMongoWebhookHandler({ orm, client, paymongo: providers.get('gcash') }),
    }),
  });
  const relay = startInboxRelay({ orm: deps.orm, handle, log, wakeUp: inbox.wakeUp });
  return async () => {
    const stopped = relay.stop();
    await inbox.close();
    await stopped;
    await connection.close();
  };
}

main().catch((error: unknown) => {
  pino({ name: 'workers' }).fatal({ err: error }, 'workers ended');
  // What has been opened by now would keep this process alive, idle: only one that ends is started again.
  process.exit(1);
});
