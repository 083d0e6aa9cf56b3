/** The API as a process: it starts, serves over a socket, and ends in an orderly way. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { insertMarket } from '../../bench/markets/market-rows.ts';
import { initOrm } from '../../db/orm.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { temporalAddress } from '../support/temporal.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

function start(env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, ['api/main.ts'], {
    env: { PATH: process.env.PATH, DATABASE_URL: database.url, TEMPORAL_ADDRESS: temporalAddress(), PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The id of a market that stands open. */
async function aMarket(): Promise<string> {
  const orm = await initOrm(database.url, { pool: { max: 1 } });
  try {
    return (await insertMarket(orm.em)).marketId;
  } finally {
    await orm.close();
  }
}

/** Log lines until one says `message`. */
async function waitFor(child: ChildProcess, message: string): Promise<{ msg: string; url: string }> {
  if (!child.stdout) throw new Error('no output');
  for await (const line of createInterface({ input: child.stdout })) {
    const entry = JSON.parse(line) as { msg: string; url: string };
    if (entry.msg === message) return entry;
  }
  throw new Error(`ended without saying ${message}`);
}

describe('node api/main.ts', () => {
  it('says when it is ready, serves, and stops when told', async () => {
    const child = start({});
    const exited = once(child, 'exit');
    const { url } = await waitFor(child, 'api ready');
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    const headers = { 'Content-Type': 'application/json' };
    const malformed = await fetch(`${url}/api/v1/auth/login`, { method: 'POST', body: '{', headers });
    expect([malformed.status, malformed.headers.get('Content-Type')]).toEqual([400, 'application/problem+json']);
    const large = await fetch(`${url}/api/v1/auth/login`, { method: 'POST', body: 'x'.repeat(300_000), headers });
    expect(large.status).toBe(413);
    const watching = await fetch(`${url}/api/v1/stream?market=${await aMarket()}`);
    expect(watching.status).toBe(200);
    // Whoever watches is told how things are, and the stream ends in order when the API is told to stop.
    const told: string[] = [];
    for await (const part of watching.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      told.push(part);
      if (told.length === 1) child.kill('SIGTERM');
    }
    expect(told.join('')).toMatch(/^event: market\n/);
    expect(await exited).toEqual([0, null]);
  });

  it('answers reads and refuses changes in time while Temporal and the database are away', async () => {
    const child = start({ TEMPORAL_ADDRESS: '127.0.0.1:1', DATABASE_URL: 'postgresql://x:x@127.0.0.1:1/x' });
    const exited = once(child, 'exit');
    const { url } = await waitFor(child, 'api ready');
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect((await fetch(`${url}/health/ready`)).status).toBe(503);
    const channels = await fetch(`${url}/api/v1/channels`);
    expect([channels.status, channels.headers.get('Retry-After')]).toEqual([503, '2']);
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  });

  it('refuses to start in production with development settings, and says why', async () => {
    const child = start({ NODE_ENV: 'production' });
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    expect(await once(child, 'exit')).toEqual([1, null]);
    expect(said).toMatch(/not fit for production.*JWT_PRIVATE_KEYS/);
  });
});
