/** The simulator as a process of the development stack. */

import { pino } from 'pino';
import { z } from 'zod';
import { DEFAULT_SETTINGS } from './simulation.ts';
import { startStripeSimulator } from './simulator.ts';

const commaList = z
  .string()
  .default('')
  .transform((value) =>
    value
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );

const environment = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(12_121),
  /** One or more addresses, separated by commas. */
  STRIPE_WEBHOOK_URL: commaList,
  /** One secret, or several while one is being rolled. */
  STRIPE_WEBHOOK_SECRET: commaList,
  /** Event types to deliver; all when empty. */
  STRIPE_WEBHOOK_EVENTS: commaList,
  /** The file that keeps the simulator's data; without it nothing survives a restart. */
  SIMULATOR_DATA: z.string().optional(),
  HOLDFAST_TIME_SCALE: z.coerce.number().min(1).default(1),
  LOG_LEVEL: z.string().default('info'),
});

/** However fast time runs, an authorisation outlasts the few seconds that any step may take. */
const SHORTEST_AUTHORISATION_MS = 15_000;

const config = environment.parse(process.env);
const logger = pino({ level: config.LOG_LEVEL, name: 'stripe-simulator' });
const scaled = (ms: number) => Math.round(ms / config.HOLDFAST_TIME_SCALE);

if (config.STRIPE_WEBHOOK_URL.length > 0 && config.STRIPE_WEBHOOK_SECRET.length === 0) {
  throw new Error('STRIPE_WEBHOOK_URL needs STRIPE_WEBHOOK_SECRET to sign webhooks with.');
}

const simulator = await startStripeSimulator({
  host: config.HOST,
  port: config.PORT,
  dataFile: config.SIMULATOR_DATA || null,
  webhooks: config.STRIPE_WEBHOOK_URL.map((url) => ({
    url,
    secrets: config.STRIPE_WEBHOOK_SECRET,
    ...(config.STRIPE_WEBHOOK_EVENTS.length === 0 ? {} : { enabledEvents: config.STRIPE_WEBHOOK_EVENTS }),
  })),
  settings: {
    authorisationMs: Math.max(SHORTEST_AUTHORISATION_MS, scaled(DEFAULT_SETTINGS.authorisationMs)),
    availableAfterMs: scaled(DEFAULT_SETTINGS.availableAfterMs),
  },
  log: (message, fields) => logger.warn(fields, message),
});
logger.info({ url: simulator.url }, 'stripe simulator ready');

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    simulator.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'stripe simulator did not stop cleanly');
        process.exit(1);
      },
    );
  });
}
