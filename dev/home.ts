/** The folder where the dev stack keeps its data: where it is, that it can be used, that only one stack uses it. */

import { accessSync, constants, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { isTraversable } from './embedded-postgres.ts';
import { birthOf, endOrphan } from './orphans.ts';
import type { ManagedProcess } from './processes.ts';
import { codeOf, StackError } from './stack-error.ts';

/** Used by root when the folder under root's home cannot be entered by the account that runs Postgres. */
const ROOT_HOME = '/var/lib/holdfast';
/** Everything a fresh start deletes: named, so that a wrong HOLDFAST_HOME loses nothing of its own. */
const DATA = ['postgres', 'postgres.new', 'temporal.sqlite', 'temporal.sqlite-shm', 'temporal.sqlite-wal'];
const REST = [
  'simulator.data',
  'paymongo.data',
  'secrets.json',
  'sample-order.json',
  'sample-markets.json',
  'logs',
  'compile-cache',
  'bundle-cache',
  'workflow-bundle.js',
];
const LOCK = 'stack.json';

/** The folder to use, and a sentence for the person when it is not where they would look. */
export async function chooseHome(environment: NodeJS.ProcessEnv): Promise<{ folder: string; note: string | null }> {
  if (environment.HOLDFAST_HOME) return { folder: resolve(environment.HOLDFAST_HOME), note: null };
  const folder = join(environment.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'holdfast');
  if (process.getuid?.() !== 0 || (await isTraversable(folder))) return { folder, note: null };
  return {
    folder: ROOT_HOME,
    note: `Running as root: data is kept in ${ROOT_HOME}, where Postgres' own user can reach it.`,
  };
}

/** Creates the folder. Fails with StackError when it cannot be written. */
export function makeHome(folder: string): void {
  try {
    mkdirSync(join(folder, 'logs'), { recursive: true });
    accessSync(folder, constants.W_OK);
    writeFileSync(join(folder, '.write-test'), 'x');
    rmSync(join(folder, '.write-test'));
  } catch (error) {
    throw new StackError(`${folder} cannot be written (${codeOf(error)}): set HOLDFAST_HOME to a folder that can.`);
  }
}

/** Deletes what earlier runs stored. The stack must not be running. */
export function emptyHome(folder: string): void {
  for (const name of [...DATA, ...REST]) rmSync(join(folder, name), { recursive: true, force: true });
}

const recordSchema = z.object({ pid: z.int(), birth: z.string(), name: z.string() });
const lockSchema = z.object({ owner: recordSchema, children: z.array(recordSchema) });
type Lock = z.infer<typeof lockSchema>;

/** Held while a stack runs; keeps the pids of its children, so that the next start can end what a crash left behind. */
export type HomeLock = { record(process: ManagedProcess): void; release(): void };

/**
 * Takes the folder for this process. Fails with StackError when another stack runs on it. What an earlier stack that
 * was killed left running is ended first.
 */
export async function lockHome(folder: string): Promise<HomeLock> {
  const file = join(folder, LOCK);
  const mine: Lock = { owner: { pid: process.pid, birth: birthOf(process.pid) ?? '', name: 'stack' }, children: [] };
  const save = () => writeFileSync(file, JSON.stringify(mine), { mode: 0o600 });
  await clearStale(file, folder);
  try {
    writeFileSync(file, JSON.stringify(mine), { mode: 0o600, flag: 'wx' });
  } catch {
    throw new StackError(`Another start is using ${folder} at this moment: try again in a few seconds.`);
  }
  return {
    record: ({ name, pid }) => {
      mine.children = mine.children.filter((child) => child.name !== name);
      mine.children.push({ name, pid, birth: birthOf(pid) ?? '' });
      save();
    },
    release: () => rmSync(file, { force: true }),
  };
}

async function clearStale(file: string, folder: string): Promise<void> {
  const found = readLock(file);
  if (found === null) {
    rmSync(file, { force: true });
    return;
  }
  if (birthOf(found.owner.pid) === found.owner.birth) {
    throw new StackError(
      `Holdfast is already running on ${folder} (process ${found.owner.pid}): stop it there with Ctrl-C, or set HOLDFAST_HOME and the ports to run a second one.`,
    );
  }
  // The newest first: workers before the servers they talk to.
  for (const child of found.children.toReversed()) await endOrphan(child);
  rmSync(file, { force: true });
}

function readLock(file: string): Lock | null {
  try {
    return lockSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}
