/** Finds, installs where Go is present, and runs stripe-mock: Stripe's own check of requests against its OpenAPI. */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { freePort } from '../../../dev/ports.ts';

const MODULE = 'github.com/stripe/stripe-mock@v0.203.0';
const INSTALL_TIMEOUT_MS = 240_000;
const run = promisify(execFile);

export type StripeMockPath = { path: string } | { missing: string };

/** On PATH, in Go's bin folder or in our cache; else built by Go into the cache; else the reason why there is none. */
export async function findStripeMock(): Promise<StripeMockPath> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'holdfast', 'bin');
  const goBin = join(process.env.GOPATH || join(homedir(), 'go'), 'bin');
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), goBin, cache]) {
    const path = join(folder, 'stripe-mock');
    if (await isExecutable(path)) return { path };
  }
  try {
    await mkdir(cache, { recursive: true });
    process.stdout.write(`building stripe-mock into ${cache}, about a minute, once\n`);
    await run('go', ['install', MODULE], { env: { ...process.env, GOBIN: cache }, timeout: INSTALL_TIMEOUT_MS });
    return { path: join(cache, 'stripe-mock') };
  } catch (error) {
    // Not instanceof: errors of Node's own modules come from outside Jest's realm.
    const hasNoGo = typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
    return {
      missing: hasNoGo
        ? 'stripe-mock is not installed and there is no Go to build it'
        : 'Go could not build stripe-mock',
    };
  }
}

/** A running stripe-mock. Resolves once it listens. */
export async function startStripeMock(path: string): Promise<{ url: string; stop(): Promise<void> }> {
  const port = await freePort();
  const child = spawn(path, ['-http-addr', `127.0.0.1:${port}`], { stdio: ['ignore', 'pipe', 'pipe'] });
  await listening(child);
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      const exited = once(child, 'exit');
      child.kill();
      await exited;
    },
  };
}

async function listening(child: ChildProcess): Promise<void> {
  if (!child.stdout) throw new Error('stripe-mock has no output');
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) if (line.startsWith('Listening')) break;
  child.stdout.resume();
  child.stderr?.resume();
  if (child.exitCode !== null) throw new Error(`stripe-mock ended with ${child.exitCode}`);
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
