/**
 * Processes that a killed dev stack left running. A pid alone may belong to somebody else by now: a process is only
 * touched when it was born at the moment we noted.
 */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { StackError } from './stack-error.ts';

const PATIENCE_MS = 10_000;

/** When a process was started, in the system's own terms; null when there is none with this pid. */
export function birthOf(pid: number): string | null {
  try {
    // The 22nd field; the second is the name in brackets and may hold spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' ? null : (fields[19] ?? null);
  } catch {
    if (process.platform === 'linux') return null;
  }
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}

/** Ends a process that an earlier stack started, if it still runs. Fails with StackError when it does not go. */
export async function endOrphan(orphan: { name: string; pid: number; birth: string }): Promise<void> {
  const isAlive = () => orphan.birth !== '' && birthOf(orphan.pid) === orphan.birth;
  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    if (!isAlive()) return;
    process.kill(orphan.pid, signal);
    const givesUpAt = Date.now() + PATIENCE_MS;
    while (isAlive() && Date.now() < givesUpAt) await delay(50);
  }
  if (isAlive()) {
    throw new StackError(
      `${orphan.name} of an earlier start still runs (process ${orphan.pid}): end it and start again.`,
    );
  }
}
