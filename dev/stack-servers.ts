/** The servers under Holdfast: each is started, or used where the environment names one. */

import { join } from 'node:path';
import { PAYMONGO_EVENTS } from '../providers/payments/paymongo/paymongo-events.ts';
import { STRIPE_EVENTS } from '../providers/payments/stripe/stripe-events.ts';
import { prepareDatabase } from './database.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import type { ManagedProcess, ProcessSpec } from './processes.ts';
import type { Progress } from './progress.ts';
import type { DevSecrets } from './secrets.ts';
import type { ExternalServices, StackPorts } from './settings.ts';
import { findTemporalBinary } from './temporal-binary.ts';
import { prepareTemporal, startTemporalServer } from './temporal-server.ts';

/** The checkout. */
export const ROOT = join(import.meta.dirname, '..');
const DATABASE = 'holdfast';
const NAMESPACE = 'default';

/** How to start a stack. */
export type StackOptions = {
  /** Data, logs and secrets; must be enterable by others when run as root. */
  home: string;
  ports: StackPorts;
  external?: ExternalServices;
  /** Every policy duration is divided by it. Default 1. */
  timeScale?: number;
  /** Default false. */
  temporalUi?: boolean;
  /** Further environment of the API, the workers and the simulator. */
  environment?: NodeJS.ProcessEnv;
  progress?: Progress;
  /** Stops a start that is under way. */
  abort?: AbortSignal;
};

/** What the parts of one start share. */
export type Start = {
  options: StackOptions;
  external: ExternalServices;
  progress: Progress;
  secrets: DevSecrets;
  launch(spec: Omit<ProcessSpec, 'logFolder' | 'abort'>): Promise<ManagedProcess>;
  keep(process: ManagedProcess): ManagedProcess;
  logFolder: string;
};

/** `localUrl` is for the stack's own processes, `url` for everybody. */
export type RunningDatabase = { url: string; localUrl: string; process: ManagedProcess | null };

/** Postgres, or the server of DATABASE_URL, with the newest schema and the demo data. */
export async function startDatabase(start: Start): Promise<RunningDatabase> {
  const { options, external, progress, logFolder } = start;
  if (external.databaseUrl !== null) {
    await prepareDatabase(external.databaseUrl, progress);
    return { url: external.databaseUrl, localUrl: external.databaseUrl, process: null };
  }
  const postgres = await progress.step('Postgres', async () => {
    const server = await startEmbeddedPostgres({
      dataFolder: join(options.home, 'postgres'),
      logFolder,
      port: options.ports.postgres,
      durable: true,
      abort: options.abort,
    });
    start.keep(server.process);
    return server;
  });
  await postgres.ensureDatabase(DATABASE);
  await prepareDatabase(postgres.urlOf(DATABASE), progress);
  return { url: postgres.urlOf(DATABASE), localUrl: postgres.localUrlOf(DATABASE), process: postgres.process };
}

export type RunningTemporal = {
  address: string;
  namespace: string;
  uiUrl: string | null;
  process: ManagedProcess | null;
};

/** Temporal, or the server of TEMPORAL_ADDRESS, with its search attributes. */
export async function startTemporal(start: Start): Promise<RunningTemporal> {
  const { options, external, progress, logFolder } = start;
  return await progress.step('Temporal', async (say) => {
    if (external.temporal !== null) {
      await prepareTemporal(external.temporal.address, external.temporal.namespace);
      return { ...external.temporal, uiUrl: null, process: null };
    }
    const uiPort = options.temporalUi ? options.ports.temporalUi : null;
    const server = await startTemporalServer({
      binary: await findTemporalBinary(say, options.abort),
      port: options.ports.temporal,
      uiPort,
      databaseFile: join(options.home, 'temporal.sqlite'),
      logFolder,
      abort: options.abort,
    });
    start.keep(server.process);
    await prepareTemporal(server.address, NAMESPACE);
    return {
      address: server.address,
      namespace: NAMESPACE,
      uiUrl: uiPort === null ? null : `http://127.0.0.1:${uiPort}`,
      process: server.process,
    };
  });
}

/** The payment simulator; null when Stripe itself is used. */
export async function startSimulator(start: Start): Promise<ManagedProcess | null> {
  if (start.external.stripe !== null) return null;
  const { ports, environment, home, timeScale } = start.options;
  const env = {
    ...baseEnvironment(start),
    PORT: String(ports.stripe),
    STRIPE_WEBHOOK_SECRET: start.secrets.webhookSecret,
    STRIPE_WEBHOOK_URL: `http://127.0.0.1:${ports.api}/api/v1/webhooks/stripe`,
    STRIPE_WEBHOOK_EVENTS: STRIPE_EVENTS.join(','),
    SIMULATOR_DATA: join(home, 'simulator.data'),
    HOLDFAST_TIME_SCALE: String(timeScale ?? 1),
    ...environment,
  };
  const spec = nodeProcess('stripe-simulator', 'dev/simulators/stripe/main.ts', env, /"stripe simulator ready"/);
  return await start.progress.step('Payment simulator', () => start.launch(spec));
}

/** GCash and Maya's simulator; null when PayMongo itself is used. */
export async function startPayMongoSimulator(start: Start): Promise<ManagedProcess | null> {
  if (start.external.paymongo !== null) return null;
  const { ports, environment, home } = start.options;
  const env = {
    ...baseEnvironment(start),
    PORT: String(ports.paymongo),
    PAYMONGO_WEBHOOK_SECRET: paymongoWebhookSecret(start),
    PAYMONGO_WEBHOOK_URL: `http://127.0.0.1:${ports.api}/api/v1/webhooks/paymongo`,
    PAYMONGO_WEBHOOK_EVENTS: PAYMONGO_EVENTS.join(','),
    SIMULATOR_DATA: join(home, 'paymongo.data'),
    ...environment,
  };
  const entry = 'dev/simulators/paymongo/main.ts';
  const spec = nodeProcess('paymongo-simulator', entry, env, /"paymongo simulator ready"/);
  return await start.progress.step('GCash and Maya simulator', () => start.launch(spec));
}

/** What webhooks about GCash and Maya are signed with: of its own, made from Stripe's. */
export function paymongoWebhookSecret({ external, secrets }: Start): string {
  return external.paymongo?.webhookSecret ?? secrets.webhookSecret.replace(/^whsec_/, 'whsk_');
}

/** What every Node process of the stack gets. */
export function baseEnvironment({ options }: Start): NodeJS.ProcessEnv {
  return { ...process.env, NODE_ENV: 'development', NODE_COMPILE_CACHE: join(options.home, 'compile-cache') };
}

/** A process of ours: `node <entry>`. */
export function nodeProcess(name: string, entry: string, env: NodeJS.ProcessEnv, ready: ProcessSpec['ready']) {
  return { name, command: process.execPath, args: [join(ROOT, entry)], env, ready };
}

/** Where the simulator listens. */
export function simulatorUrl(ports: StackPorts): string {
  return `http://127.0.0.1:${ports.stripe}`;
}

/** Where GCash and Maya's simulator listens. */
export function paymongoSimulatorUrl(ports: StackPorts): string {
  return `http://127.0.0.1:${ports.paymongo}`;
}
