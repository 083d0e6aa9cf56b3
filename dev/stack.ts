/**
 * The whole of Holdfast on one machine: Postgres, Temporal, the payment simulator, workers, API. Behind `npm start`,
 * the demo, the benches and the crash tests.
 */

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HomeLock, lockHome, makeHome } from './home.ts';
import { assertPortFree } from './ports.ts';
import { type ManagedProcess, startProcess } from './processes.ts';
import { SILENT } from './progress.ts';
import { loadSecrets } from './secrets.ts';
import { type ExternalServices, NO_EXTERNAL_SERVICES, PORT_VARIABLES, type StackPorts } from './settings.ts';
import { apiUrl, bundleWorkflows, startApi, startWorkers, webhookSecret } from './stack-app.ts';
import {
  paymongoSimulatorUrl,
  type StackOptions,
  type Start,
  simulatorUrl,
  startDatabase,
  startPayMongoSimulator,
  startSimulator,
  startTemporal,
} from './stack-servers.ts';

/** A running stack. What is external (null) is not ours to stop. */
export type Stack = {
  urls: {
    api: string;
    temporalUi: string | null;
    simulator: string | null;
    paymongo: string | null;
    database: string;
    temporal: string;
  };
  webhookSecret: string;
  /** `kill('SIGKILL')`, `restart()` and `stop()` on each. */
  api: ManagedProcess;
  workers: ManagedProcess;
  simulator: ManagedProcess | null;
  /** GCash and Maya. */
  paymongo: ManagedProcess | null;
  temporal: ManagedProcess | null;
  postgres: ManagedProcess | null;
  processes: ManagedProcess[];
  /** Stops everything, the API first and Postgres last, and lets go of the home. */
  stop(): Promise<void>;
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
  const [database, temporal, simulator, paymongo, workflowBundle] = await all([
    startDatabase(start),
    startTemporal(start),
    startSimulator(start),
    startPayMongoSimulator(start),
    bundleWorkflows(start),
  ]);
  const around = { database, temporal, workflowBundle };
  const [workers, api] = await all([startWorkers(start, around), startApi(start, around)]);
  return {
    urls: {
      api: apiUrl(start),
      temporalUi: temporal.uiUrl,
      simulator: simulator === null ? null : simulatorUrl(start.options.ports),
      paymongo: paymongo === null ? null : paymongoSimulatorUrl(start.options.ports),
      database: database.url,
      temporal: temporal.address,
    },
    webhookSecret: webhookSecret(start),
    api,
    workers,
    simulator,
    paymongo,
    temporal: temporal.process,
    postgres: database.process,
  };
}

async function assertPortsFree(ports: StackPorts, external: ExternalServices, withUi: boolean): Promise<void> {
  const wanted: [keyof StackPorts, string, boolean][] = [
    ['api', 'the API', true],
    ['postgres', 'Postgres', external.databaseUrl === null],
    ['temporal', 'Temporal', external.temporal === null],
    ['temporalUi', 'the Temporal UI', external.temporal === null && withUi],
    ['stripe', 'the payment simulator', external.stripe === null],
    ['paymongo', 'the simulator of GCash and Maya', external.paymongo === null],
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

const STOP_ORDER = ['api', 'workers', 'stripe-simulator', 'paymongo-simulator', 'temporal', 'postgres'];

async function stopAll(processes: readonly ManagedProcess[], lock: HomeLock): Promise<void> {
  const inOrder = processes.toSorted((a, b) => STOP_ORDER.indexOf(a.name) - STOP_ORDER.indexOf(b.name));
  for (const process of inOrder) await process.stop();
  lock.release();
}
