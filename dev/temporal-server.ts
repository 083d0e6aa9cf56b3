/** The Temporal development server: how it is started, tuned, and what its namespaces need. */

import { Connection } from '@temporalio/client';
import { type ManagedProcess, startProcess } from './processes.ts';
import { messageOf, StackError } from './stack-error.ts';

/** Where it listens and keeps its data. */
export type TemporalServerOptions = {
  binary: string;
  port: number;
  /** null: no UI. */
  uiPort: number | null;
  /** null: in memory. */
  databaseFile: string | null;
  logFolder: string;
  abort?: AbortSignal;
};

/** A running server. */
export type TemporalServer = { process: ManagedProcess; address: string };

// Without these each transfer-queue poll waits on a 20-per-second limit: an activity takes 100 ms instead of 20.
const TUNING = ['history.transferProcessorMaxPollRPS=5000', 'history.timerProcessorMaxPollRPS=5000'];

/** gRPC's INDEXED_VALUE_TYPE_KEYWORD and INDEXED_VALUE_TYPE_DATETIME. */
const KEYWORD = 2;
const DATETIME = 6;

/** What operators can search orders and escrows by in the Temporal UI. Plaintext there: no personal data. */
export const SEARCH_ATTRIBUTES = {
  OrderStatus: KEYWORD,
  EscrowStatus: KEYWORD,
  DisputePhase: KEYWORD,
  MarketStatus: KEYWORD,
  Preset: KEYWORD,
  VendorId: KEYWORD,
  NextActionAt: DATETIME,
} as const;

/** Starts the server and waits until it answers. */
export async function startTemporalServer(options: TemporalServerOptions): Promise<TemporalServer> {
  const server = await startProcess({
    name: 'temporal',
    command: options.binary,
    args: [
      'server',
      'start-dev',
      '--ip',
      '127.0.0.1',
      '--port',
      String(options.port),
      '--log-level',
      'warn',
      ...(options.uiPort === null ? ['--headless'] : ['--ui-port', String(options.uiPort)]),
      ...TUNING.flatMap((setting) => ['--dynamic-config-value', setting]),
      ...(options.databaseFile === null ? [] : ['--db-filename', options.databaseFile, ...WRITE_AHEAD]),
    ],
    logFolder: options.logFolder,
    ready: /Server:\s/,
    abort: options.abort,
  });
  return { process: server, address: `127.0.0.1:${options.port}` };
}

const WRITE_AHEAD = ['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'];

/** Registers the search attributes in a namespace unless it has them. */
export async function registerSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.entries(SEARCH_ATTRIBUTES).filter(([name]) => !(name in customAttributes));
  if (missing.length === 0) return;
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(missing) });
}

/** Registers what the namespace needs. Fails with StackError when the server does not answer. */
export async function prepareTemporal(address: string, namespace: string): Promise<void> {
  const connection = await connect(address);
  try {
    await registerSearchAttributes(connection, namespace);
  } catch (error) {
    throw new StackError(
      `Temporal at ${address} refused the search attributes of namespace ${namespace}: ${messageOf(error)}`,
    );
  } finally {
    await connection.close();
  }
}

async function connect(address: string): Promise<Connection> {
  try {
    return await Connection.connect({ address, connectTimeout: '10 s' });
  } catch (error) {
    throw new StackError(
      `No Temporal server answers at ${address} (${messageOf(error)}): start it, or unset TEMPORAL_ADDRESS to use the embedded one.`,
    );
  }
}
