/** The workers as a process: they start, end in an orderly way, and never stand by idle. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { connectTemporal, type TestTemporal, testBundle } from '../support/temporal.ts';

let database: TestDatabase;
let temporal: TestTemporal;
beforeAll(async () => {
  [database, temporal] = await Promise.all([createTestDatabase(), connectTemporal()]);
});
const children: ChildProcess[] = [];
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await temporal.close();
  await database.drop();
});

function start(env: Record<string, string>): ChildProcess {
  const defaults = {
    PATH: process.env.PATH,
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    HOLDFAST_WORKFLOW_BUNDLE: testBundle().codePath,
  };
  const child = spawn(process.execPath, ['workers/main.ts'], {
    env: { ...defaults, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  return child;
}

/** Log lines until one says so; whatever comes later is let go. */
async function waitFor({ stdout }: ChildProcess, message: string): Promise<void> {
  if (!stdout) throw new Error('no output');
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: stdout })
      .on('line', (line) => {
        if (line.includes(`"msg":"${message}"`)) resolve();
      })
      .on('close', () => reject(new Error(`ended without saying ${message}`)));
  });
}

/** How it ends by itself: the exit code and the last of its words. */
async function endOf(child: ChildProcess): Promise<{ code: unknown; said: string }> {
  if (!child.stdout) throw new Error('no output');
  const [said, exit] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return { code: exit[0] as unknown, said: said.trimEnd().split('\n').at(-1) ?? '' };
}

describe('node workers/main.ts', () => {
  it('says when it is ready, and stops when told', async () => {
    const child = start({});
    const exited = once(child, 'exit');
    await waitFor(child, 'workers ready');
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  });

  // A process that is alive and does nothing is never started again, and every deadline passes unheard.
  it.each([
    ['in a namespace that does not exist', { TEMPORAL_NAMESPACE: 'nowhere' }, /nowhere/],
    ['without Temporal', { TEMPORAL_ADDRESS: '127.0.0.1:1' }, /connect/i],
    ['without a sound bundle', { HOLDFAST_WORKFLOW_BUNDLE: '/nowhere/bundle.js' }, /ENOENT/],
    ['with settings of no sense', { HOLDFAST_ROLES: 'chef' }, /HOLDFAST_ROLES/],
  ])('ends %s, and says why', async (_, env, why) => {
    const { code, said } = await endOf(start(env));
    expect(said).toMatch(why);
    expect(code).toBe(1);
  });
});
