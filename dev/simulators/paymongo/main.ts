/** The PayMongo simulator as a process of the development stack. */

import { pino } from 'pino';
import { z } from 'zod';
import { startPayMongoSimulator } from './simulator.ts';

const environment = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(12_122),
  PAYMONGO_WEBHOOK_URL: z.string().optional(),
  PAYMONGO_WEBHOOK_SECRET: z.string().optional(),
  /** Event types to deliver, separated by commas; all when empty. */
  PAYMONGO_WEBHOOK_EVENTS: z.string().default(''),
  /** The file that keeps the simulator's data; without it nothing survives a restart. */
  SIMULATOR_DATA: z.string().optional(),
  LOG_LEVEL: z.string().default('info'),
});

const config = environment.parse(process.env);
const logger = pino({ level: config.LOG_LEVEL, name: 'paymongo-simulator' });
const { PAYMONGO_WEBHOOK_URL: url, PAYMONGO_WEBHOOK_SECRET: secret, PAYMONGO_WEBHOOK_EVENTS: events } = config;
if (url && !secret) throw new Error('PAYMONGO_WEBHOOK_URL needs PAYMONGO_WEBHOOK_SECRET to sign webhooks with.');

const enabledEvents = events === '' ? {} : { enabledEvents: events.split(',') };
const simulator = await startPayMongoSimulator({
  host: config.HOST,
  port: config.PORT,
  dataFile: config.SIMULATOR_DATA || null,
  webhooks: url && secret ? [{ url, secrets: [secret], ...enabledEvents }] : [],
  log: (message, fields) => logger.warn(fields, message),
});
logger.info({ url: simulator.url }, 'paymongo simulator ready');

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    simulator.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'paymongo simulator did not stop cleanly');
        process.exit(1);
      },
    );
  });
}
