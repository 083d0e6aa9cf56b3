/**
 * Before the first `stack` test: one throw-away Postgres with a migrated template database, one Temporal server, one
 * bundle of the workflows.
 */

import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { migrate } from '../../db/migrate.ts';
import { startEmbeddedPostgres } from '../../dev/embedded-postgres.ts';
import { freePort } from '../../dev/ports.ts';
import type { ManagedProcess } from '../../dev/processes.ts';
import { findTemporalBinary } from '../../dev/temporal-binary.ts';
import { startTemporalServer } from '../../dev/temporal-server.ts';
import { TEMPLATE_DATABASE } from './database.ts';

export type TestServers = { folder: string; processes: ManagedProcess[] };

declare global {
  var holdfastTestServers: TestServers | undefined;
}

/**
 * Tests find the servers through TEST_DATABASE_ADMIN_URL and TEST_TEMPORAL_ADDRESS, workers of tests and of stacks the
 * bundle through HOLDFAST_WORKFLOW_BUNDLE.
 */
export default async function globalSetup(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-test-'));
  await chmod(folder, 0o755);
  const servers: TestServers = { folder, processes: [] };
  globalThis.holdfastTestServers = servers;
  const starts = await Promise.allSettled([startPostgres(servers), startTemporal(servers), bundleWorkflows(servers)]);
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed !== undefined) {
    await stopTestServers(servers);
    throw failed.reason;
  }
}

/** Stops what globalSetup started and deletes its data. */
export async function stopTestServers(servers: TestServers): Promise<void> {
  await Promise.all(servers.processes.map((each) => each.kill('SIGINT')));
  await rm(servers.folder, { recursive: true, force: true });
}

async function startPostgres(servers: TestServers): Promise<void> {
  const postgres = await startEmbeddedPostgres({
    dataFolder: join(servers.folder, 'postgres'),
    logFolder: join(servers.folder, 'logs'),
    port: await freePort(),
    durable: false,
  });
  servers.processes.push(postgres.process);
  await postgres.ensureDatabase(TEMPLATE_DATABASE);
  await migrate(postgres.urlOf(TEMPLATE_DATABASE));
  process.env.TEST_DATABASE_ADMIN_URL = postgres.urlOf('postgres');
}

async function startTemporal(servers: TestServers): Promise<void> {
  const temporal = await startTemporalServer({
    binary: await findTemporalBinary((detail) => process.stderr.write(`${detail}\n`)),
    port: await freePort(),
    uiPort: null,
    databaseFile: null,
    logFolder: join(servers.folder, 'logs'),
  });
  servers.processes.push(temporal.process);
  process.env.TEST_TEMPORAL_ADDRESS = temporal.address;
}

async function bundleWorkflows({ folder }: TestServers): Promise<void> {
  const file = join(folder, 'workflow-bundle.js');
  await promisify(execFile)(process.execPath, [join(import.meta.dirname, '../../workers/build-bundle.ts'), file]);
  process.env.HOLDFAST_WORKFLOW_BUNDLE = file;
}
