/** Child processes of the dev stack: ready, killed, started again, lost; and the folder that only one stack may use. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { lockHome } from '../../dev/home.ts';
import { birthOf } from '../../dev/orphans.ts';
import { assertPortFree, freePort } from '../../dev/ports.ts';
import { type ManagedProcess, startProcess } from '../../dev/processes.ts';
import { loadSecrets } from '../../dev/secrets.ts';
import { readSettings } from '../../dev/settings.ts';
import { temporaryHome } from '../../dev/stack.ts';

const { home, remove } = temporaryHome();
const CHILD = join(import.meta.dirname, 'fixture/child-process.ts');

const startChild = (behaviour = 'runs', abort?: AbortSignal): Promise<ManagedProcess> =>
  startProcess({
    name: 'child',
    command: process.execPath,
    args: [CHILD, behaviour],
    logFolder: home,
    ready: behaviour === 'runs' ? /child ready/ : /never/,
    abort,
  });

afterAll(remove);

describe('a child process', () => {
  it('is asked to stop and leaves its log', async () => {
    const child = await startChild();
    expect(child.running).toBe(true);
    await child.stop();
    expect(child.running).toBe(false);
    expect(readFileSync(child.logFile, 'utf8')).toContain('asked to stop');
  });

  it('can be killed and started again as another process', async () => {
    const child = await startChild();
    const first = child.pid;
    await child.kill('SIGKILL');
    await child.restart();
    expect(child.running).toBe(true);
    expect(child.pid).not.toBe(first);
    await child.stop();
  });

  it('reports an end nobody asked for, and only that', async () => {
    const child = await startChild();
    const lost = new Promise<string>((resolve) => child.onUnexpectedExit(resolve));
    process.kill(child.pid, 'SIGKILL');
    expect(await lost).toBe('SIGKILL');

    const other = await startChild();
    const reports: string[] = [];
    other.onUnexpectedExit((how) => reports.push(how));
    await other.stop();
    expect(reports).toEqual([]);
  });

  it('that fails to start is quoted', async () => {
    await expect(startChild('fails')).rejects.toThrow(/ended before it was ready \(exit code 3\).*no such luck/s);
  });

  it('is ended when its start is given up', async () => {
    await expect(startChild('hangs', AbortSignal.timeout(300))).rejects.toThrow(/interrupted/);
  });
});

describe('the home', () => {
  it('belongs to one stack at a time and is free again afterwards', async () => {
    const lock = await lockHome(home);
    await expect(lockHome(home)).rejects.toThrow(/already running.*process \d+/);
    lock.release();
    const again = await lockHome(home);
    again.release();
  });

  it('taken over from a killed stack has what that stack left running ended first', async () => {
    const orphan = spawn(process.execPath, [CHILD], { stdio: 'ignore' });
    const gone = once(orphan, 'exit');
    const pid = orphan.pid ?? 0;
    const left = {
      owner: { pid, birth: 'another', name: 'stack' },
      children: [{ pid, birth: birthOf(pid), name: 'x' }],
    };
    writeFileSync(join(home, 'stack.json'), JSON.stringify(left));
    const lock = await lockHome(home);
    await gone;
    lock.release();
    expect(existsSync(join(home, 'stack.json'))).toBe(false);
  });

  it('never touches a process that merely has the same number', async () => {
    const stranger = spawn(process.execPath, [CHILD], { stdio: 'ignore' });
    const pid = stranger.pid ?? 0;
    const left = { owner: { pid, birth: 'another', name: 'stack' }, children: [{ pid, birth: 'another', name: 'x' }] };
    writeFileSync(join(home, 'stack.json'), JSON.stringify(left));
    (await lockHome(home)).release();
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    stranger.kill('SIGKILL');
  });

  it('keeps its secrets, readable by the owner only', () => {
    expect(loadSecrets(home)).toEqual(loadSecrets(home));
    writeFileSync(join(home, 'secrets.json'), '{');
    expect(() => loadSecrets(home)).toThrow(/delete it and start again/);
  });
});

describe('the environment', () => {
  it('may name services of one’s own', () => {
    expect(readSettings({ DATABASE_URL: '', TEMPORAL_ADDRESS: 'temporal.test:7233' }).external).toEqual({
      databaseUrl: null,
      temporal: { address: 'temporal.test:7233', namespace: 'default' },
      stripe: null,
      paymongo: null,
    });
  });

  it.each([
    [{ PORT: 'many' }, /PORT/],
    [{ STRIPE_SECRET_KEY: 'sk_test_1' }, /STRIPE_WEBHOOK_SECRET/],
    [{ PAYMONGO_SECRET_KEY: 'sk_test_1' }, /PAYMONGO_WEBHOOK_SECRET/],
  ])('%j is refused with what to do', (environment, sentence) => {
    expect(() => readSettings(environment)).toThrow(sentence);
  });

  it('names the variable that moves a taken port', async () => {
    const port = await freePort();
    await expect(assertPortFree(port, 'the API', 'PORT')).resolves.toBeUndefined();
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    await expect(assertPortFree(port, 'the API', 'PORT')).rejects.toThrow(/already in use.*PORT/);
    server.close();
  });
});
