/**
 * The whole of Holdfast on one machine: Postgres, Temporal, the payment simulator, workers, API. Behind `npm start`,
 * the demo, the benches and the crash tests.
 */

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareDatabase } from './database.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { type HomeLock, lockHome, makeHome } from './home.ts';
import { assertPortFree } from './ports.ts';
import { type ManagedProcess, type ProcessSpec, startProcess } from './processes.ts';
import { type Progress, SILENT } from './progress.ts';
import { type DevSecrets, loadSecrets } from './secrets.ts';
import { type ExternalServices, NO_EXTERNAL_SERVICES, PORT_VARIABLES, type StackPorts } from './settings.ts';
import { findTemporalBinary } from './temporal-binary.ts';
import { prepareTemporal, startTemporalServer } from './temporal-server.ts';

const ROOT = join(import.meta.dirname, '..');
const SIMULATOR_KEY = 'sk_test_holdfast_simulator';
const DATABASE = 'holdfast';
const NAMESPACE = 'default';

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

/** A running stack. What is external (null) is not ours to stop. */
export type Stack = {
  urls: { api: string; temporalUi: string | null; simulator: string | null; database: string; temporal: string };
  webhookSecret: string;
  /** `kill('SIGKILL')`, `restart()` and `stop()` on each. */
  api: ManagedProcess;
  workers: ManagedProcess;
  simulator: ManagedProcess | null;
  temporal: ManagedProcess | null;
  postgres: ManagedProcess | null;
  processes: ManagedProcess[];
  /** Stops everything, the API first and Postgres last, and lets go of the home. */
  stop(): Promise<void>;
};

/** What the parts of one start share. */
type Start = {
  options: StackOptions;
  external: ExternalServices;
  progress: Progress;
  secrets: DevSecrets;
  launch(spec: Omit<ProcessSpec, 'logFolder' | 'abort'>): Promise<ManagedProcess>;
  keep(process: ManagedProcess): ManagedProcess;
  logFolder: string;
};

/** Starts everything and returns once the API is ready for traffic. Fails with StackError, nothing left running. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const external = options.external ?? NO_EXTERNAL_SERVICES;
  makeHome(options.home);
  const lock = await lockHome(options.home);
  const processes: ManagedProcess[] = [];
  const stop = () => stopAll(processes, lock);
  try {
    await assertPortsFree(options.ports, external, options.temporalUi ?? false);
    const logFolder = join(options.home, 'logs');
    const keep = (process: ManagedProcess) => {
      processes.push(process);
      lock.record(process);
      return process;
    };
    const launch: Start['launch'] = async (spec) =>
      keep(await startProcess({ ...spec, logFolder, abort: options.abort }));
    const progress = options.progress ?? SILENT;
    const start: Start = { options, external, progress, secrets: loadSecrets(options.home), launch, keep, logFolder };
    return { ...(await startParts(start)), processes, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A folder for a throw-away stack, with a function that deletes it. */
export function temporaryHome(): { home: string; remove: () => void } {
  const home = mkdtempSync(join(tmpdir(), 'holdfast-stack-'));
  chmodSync(home, 0o755);
  return { home, remove: () => rmSync(home, { recursive: true, force: true }) };
}

async function startParts(start: Start): Promise<Omit<Stack, 'processes' | 'stop'>> {
  const [database, temporal, simulator] = await all([
    startDatabase(start),
    startTemporal(start),
    startSimulator(start),
  ]);
  const { ports, environment, timeScale } = start.options;
  const api = `http://127.0.0.1:${ports.api}`;
  const { stripe } = start.external;
  const webhookSecret = stripe?.webhookSecret ?? start.secrets.webhookSecret;
  const env = {
    ...baseEnvironment(start),
    HOST: '127.0.0.1',
    PORT: String(ports.api),
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: NAMESPACE,
    STRIPE_SECRET_KEY: stripe?.secretKey ?? SIMULATOR_KEY,
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    STRIPE_API_BASE: simulator === null ? '' : simulatorUrl(ports),
    JWT_PRIVATE_KEYS: JSON.stringify(start.secrets.jwtPrivateKeys),
    JWT_ISSUER: `http://localhost:${ports.api}`,
    HOLDFAST_TIME_SCALE: String(timeScale ?? 1),
    ...environment,
  };
  const [workers, apiProcess] = await all([
    start.progress.step('Workers', () =>
      start.launch(nodeProcess('workers', 'workers/main.ts', env, /"workers ready"/)),
    ),
    start.progress.step('API', () =>
      start.launch(nodeProcess('api', 'api/main.ts', env, () => answers(`${api}/health/ready`))),
    ),
  ]);
  return {
    urls: {
      api,
      temporalUi: temporal.uiUrl,
      simulator: simulator === null ? null : simulatorUrl(ports),
      database: database.url,
      temporal: temporal.address,
    },
    webhookSecret,
    api: apiProcess,
    workers,
    simulator,
    temporal: temporal.process,
    postgres: database.process,
  };
}

async function startDatabase(start: Start): Promise<{ url: string; process: ManagedProcess | null }> {
  const { options, external, progress, logFolder } = start;
  if (external.databaseUrl !== null) {
    await prepareDatabase(external.databaseUrl, progress);
    return { url: external.databaseUrl, process: null };
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
  return { url: postgres.urlOf(DATABASE), process: postgres.process };
}

type RunningTemporal = { address: string; uiUrl: string | null; process: ManagedProcess | null };

async function startTemporal(start: Start): Promise<RunningTemporal> {
  const { options, external, progress, logFolder } = start;
  return await progress.step('Temporal', async (say) => {
    if (external.temporalAddress !== null) {
      await prepareTemporal(external.temporalAddress, NAMESPACE);
      return { address: external.temporalAddress, uiUrl: null, process: null };
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
      uiUrl: uiPort === null ? null : `http://127.0.0.1:${uiPort}`,
      process: server.process,
    };
  });
}

async function startSimulator(start: Start): Promise<ManagedProcess | null> {
  if (start.external.stripe !== null) return null;
  const { ports, environment, home, timeScale } = start.options;
  const env = {
    ...baseEnvironment(start),
    PORT: String(ports.stripe),
    STRIPE_WEBHOOK_SECRET: start.secrets.webhookSecret,
    STRIPE_WEBHOOK_URL: `http://127.0.0.1:${ports.api}/api/v1/webhooks/stripe`,
    SIMULATOR_DATA: join(home, 'simulator.data'),
    HOLDFAST_TIME_SCALE: String(timeScale ?? 1),
    ...environment,
  };
  const spec = nodeProcess('stripe-simulator', 'dev/simulators/stripe/main.ts', env, /"stripe simulator ready"/);
  return await start.progress.step('Payment simulator', () => start.launch(spec));
}

function baseEnvironment({ options }: Start): NodeJS.ProcessEnv {
  const inherited = { ...process.env };
  // Jest's flag would reach the children and slow them down.
  delete inherited.NODE_OPTIONS;
  return { ...inherited, NODE_ENV: 'development', NODE_COMPILE_CACHE: join(options.home, 'compile-cache') };
}

function nodeProcess(name: string, entry: string, env: NodeJS.ProcessEnv, ready: ProcessSpec['ready']) {
  return { name, command: process.execPath, args: [join(ROOT, entry)], env, ready };
}

function simulatorUrl(ports: StackPorts): string {
  return `http://127.0.0.1:${ports.stripe}`;
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}

async function assertPortsFree(ports: StackPorts, external: ExternalServices, withUi: boolean): Promise<void> {
  const wanted: [keyof StackPorts, string, boolean][] = [
    ['api', 'the API', true],
    ['postgres', 'Postgres', external.databaseUrl === null],
    ['temporal', 'Temporal', external.temporalAddress === null],
    ['temporalUi', 'the Temporal UI', external.temporalAddress === null && withUi],
    ['stripe', 'the payment simulator', external.stripe === null],
  ];
  for (const [name, what, needed] of wanted) {
    if (needed) await assertPortFree(ports[name], what, PORT_VARIABLES[name]);
  }
}

/** Like Promise.all, but waits for the others too before it fails: what they started can then be stopped. */
async function all<T extends readonly Promise<unknown>[] | []>(parts: T): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(parts);
  return await Promise.all(parts);
}

const STOP_ORDER = ['api', 'workers', 'stripe-simulator', 'temporal', 'postgres'];

async function stopAll(processes: readonly ManagedProcess[], lock: HomeLock): Promise<void> {
  const inOrder = processes.toSorted((a, b) => STOP_ORDER.indexOf(a.name) - STOP_ORDER.indexOf(b.name));
  for (const process of inOrder) await process.stop();
  lock.release();
}
