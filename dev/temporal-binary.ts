/**
 * Finds the Temporal CLI (it carries the dev server), which no npm package ships. In order: on PATH; cached by an
 * earlier run; the SDK's own download; built with the Go toolchain. The cache is outside the checkout, so a clean
 * checkout does not build again.
 */

import { execFile, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { messageOf, StackError } from './stack-error.ts';

const run = promisify(execFile);

/** Newer tags have a replace directive and cannot be installed with `go install`. */
const CLI_VERSION = 'v1.5.1';
const CLI_MODULE = `github.com/temporalio/cli/cmd/temporal@${CLI_VERSION}`;
const DOWNLOAD_TIMEOUT_MS = 60_000;
const BUILD_TIMEOUT_MS = 15 * 60_000;
const EXECUTABLE = process.platform === 'win32' ? 'temporal.exe' : 'temporal';

type Say = (detail: string) => void;

/** Path of a working Temporal CLI. `say` tells a person what takes so long. Fails with StackError. */
export async function findTemporalBinary(say: Say, abort?: AbortSignal): Promise<string> {
  const onPath = await firstExecutable((process.env.PATH ?? '').split(delimiter).filter(Boolean));
  if (onPath !== null) return onPath;
  const cache = cacheFolder();
  const cached = await firstExecutable([cache]);
  if (cached !== null) return cached;

  const folder = await makeCache(cache);
  const reasons: string[] = [];
  for (const obtain of [download, build]) {
    const unfinished = await mkdtemp(join(folder, 'unfinished-'));
    try {
      const made = await obtain(unfinished, say, abort);
      await chmod(made, 0o755);
      await rename(made, join(folder, EXECUTABLE));
      return join(folder, EXECUTABLE);
    } catch (error) {
      reasons.push(messageOf(error));
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
  }
  throw new StackError(
    `The Temporal server could not be obtained (${reasons.join('; ')}): install the Temporal CLI or Go 1.24 or newer, or set TEMPORAL_ADDRESS to a running server.`,
  );
}

function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'holdfast', `temporal-${CLI_VERSION}`);
}

async function makeCache(folder: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    return folder;
  } catch (error) {
    throw new StackError(`The cache ${folder} cannot be written (${messageOf(error)}): set XDG_CACHE_HOME elsewhere.`);
  }
}

async function firstExecutable(folders: string[]): Promise<string | null> {
  for (const folder of folders) {
    const candidate = join(folder, EXECUTABLE);
    try {
      await access(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not here: the next folder may have it.
    }
  }
  return null;
}

/** In its own process: the SDK's download cannot be interrupted, a process can. */
async function download(folder: string, say: Say, signal?: AbortSignal): Promise<string> {
  say('downloading the Temporal server, once');
  try {
    await run(process.execPath, [join(import.meta.dirname, 'download-temporal.ts'), folder, CLI_VERSION], {
      timeout: DOWNLOAD_TIMEOUT_MS,
      signal,
    });
  } catch {
    throw new Error('its download is not reachable');
  }
  const [name] = await readdir(folder);
  if (name === undefined) throw new Error('its download left no file');
  return join(folder, name);
}

async function build(folder: string, say: Say, signal?: AbortSignal): Promise<string> {
  try {
    await run('go', ['version']);
  } catch {
    throw new Error('Go is not installed');
  }
  say('building the Temporal server with Go, once: about three minutes on two cores');
  const startedAt = Date.now();
  const ticker = setInterval(
    () => say(`building the Temporal server with Go, ${Math.round((Date.now() - startedAt) / 1000)} s so far`),
    30_000,
  );
  try {
    await goInstall(folder, signal);
    return join(folder, EXECUTABLE);
  } finally {
    clearInterval(ticker);
  }
}

function goInstall(folder: string, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('go', ['install', CLI_MODULE], {
      env: { ...process.env, GOBIN: folder },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: BUILD_TIMEOUT_MS,
      signal,
    });
    let lastLine = '';
    child.stderr.on('data', (chunk: Buffer) => {
      lastLine = chunk.toString().trim().split('\n').at(-1) ?? lastLine;
    });
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`go install failed: ${lastLine}`))));
  });
}
