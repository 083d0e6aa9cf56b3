/** The API process: settings, connections, server, and an orderly end. */

import { flushCompileCache } from 'node:module';
import { serve } from '@hono/node-server';
import { Client } from '@temporalio/client';
import { pino } from 'pino';
import { initOrm } from '../db/orm.ts';
import { purgeIdempotencyKeys } from '../db/repositories/idempotency.ts';
import { createPaymentProviders } from '../providers/payments/create-providers.ts';
import { createPayMongoWebhooks } from '../providers/payments/paymongo/paymongo-webhooks.ts';
import { createApp } from './app.ts';
import { createTokenService } from './auth/tokens.ts';
import { readConfig } from './config.ts';
import { createMetrics } from './metrics.ts';
import { createProcessServices } from './process-services.ts';
import { connectLazily } from './temporal-connection.ts';
import { createTemporalGateway } from './temporal-gateway.ts';

/** Requests in flight may take the workflow deadline and a few queries. */
const SHUTDOWN_TIMEOUT_MS = 10_000;
const HOUR_MS = 3_600_000;
/** Promised are 24. */
const KEEP_KEYS_HOURS = 48;

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = pino({ level: config.logLevel, base: { service: 'api' } });
  const orm = await initOrm(config.databaseUrl);
  const connection = connectLazily(config.temporal.address);
  const client = new Client({ connection, namespace: config.temporal.namespace });
  const services = createProcessServices({ orm, log });
  const app = createApp({
    ...services,
    config,
    orm,
    gateway: createTemporalGateway(client),
    payments: createPaymentProviders({ stripe: config.stripe }).get('stripe'),
    paymongo: config.paymongo && createPayMongoWebhooks(config.paymongo),
    tokens: await createTokenService({ ...config.jwt, accessTokenMinutes: config.accessTokenMinutes }),
    metrics: createMetrics({ processMetrics: true }),
    log,
  });

  // Long enough for a piece of evidence over a slow line.
  const serverOptions = { headersTimeout: 10_000, requestTimeout: 120_000 };
  const server = serve({ fetch: app.fetch, hostname: config.host, port: config.port, serverOptions }, ({ port }) => {
    log.info({ url: `http://${config.host}:${port}` }, 'api ready');
    // With NODE_COMPILE_CACHE: the next start is quicker, even if this process is killed.
    flushCompileCache();
  });
  server.on('error', (err) => {
    log.fatal({ err }, 'api cannot listen');
    process.exit(1);
  });

  const purge = setInterval(() => {
    purgeIdempotencyKeys(orm.em.fork(), KEEP_KEYS_HOURS).catch((err: unknown) => {
      log.error({ err }, 'old idempotency keys not purged');
    });
  }, HOUR_MS).unref();

  const close = async (): Promise<void> => {
    try {
      await Promise.all([orm.close(), connection.close()]);
      log.info('api stopped');
    } catch (err) {
      log.error({ err }, 'api stopped badly');
    }
    // The client may still have a retry on a timer (a probe while Temporal was away): it has nobody to report to.
    process.exit(0);
  };

  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'api stopping');
    clearInterval(purge);
    setTimeout(() => process.exit(1), SHUTDOWN_TIMEOUT_MS).unref();
    services.live.close();
    // Ends once the requests in flight are answered; idle connections are closed at once.
    server.close(() => void close());
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
