/**
 * Child processes of the dev stack: start, wait until ready, stop, kill, start again. Each writes straight to its own
 * log file (it outlives us and costs us nothing) and has its own process group, so that Ctrl-C reaches only us and we
 * stop the children in order. Nothing is ever signalled but a process started here.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StackError } from './stack-error.ts';

/** How to run one process and how to know that it is ready. */
export type ProcessSpec = {
  name: string;
  command: string;
  args: readonly string[];
  env?: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
  /** `<logFolder>/<name>.log` takes stdout and stderr, appended. */
  logFolder: string;
  /** A line in the log, or a probe that is repeated until it returns true. */
  ready: RegExp | (() => Promise<boolean>);
  readyTimeoutMs?: number;
  /** In the log of a start that failed for a reason which passes by itself: it is tried again within readyTimeoutMs. */
  passing?: RegExp;
  /** Asks it to end gracefully; default SIGTERM. */
  stopSignal?: NodeJS.Signals;
  /** Gives up waiting for ready and ends the process. */
  abort?: AbortSignal;
};

/** A running (or killed) child process. */
export type ManagedProcess = {
  readonly name: string;
  /** Of the current incarnation. */
  readonly pid: number;
  readonly running: boolean;
  readonly logFile: string;
  /** Asks it to end, waits until it is gone; after 15 s ends it with SIGKILL. */
  stop(): Promise<void>;
  /** Sends the signal and waits until the process is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again with the same arguments (stopping it first if it runs) and waits until it is ready. */
  restart(): Promise<void>;
  /** Called when it ends although nobody here asked for it. */
  onUnexpectedExit(listener: (how: string) => void): void;
};

type Incarnation = { child: ChildProcess; pid: number; gone: Promise<string>; wanted: boolean };

const STOP_TIMEOUT_MS = 15_000;
const READY_TIMEOUT_MS = 60_000;
const READY_INTERVAL_MS = 20;
const AGAIN_AFTER_MS = 200;

/** Starts a process and waits until it is ready. Fails with a StackError that quotes the end of its log. */
export async function startProcess(spec: ProcessSpec): Promise<ManagedProcess> {
  mkdirSync(spec.logFolder, { recursive: true });
  const logFile = join(spec.logFolder, `${spec.name}.log`);
  const listeners: ((how: string) => void)[] = [];
  const launchNew = () => launchUntil(spec, logFile, (how) => listeners.forEach((listener) => listener(how)));
  let current = await launchNew();

  const kill = async (signal: NodeJS.Signals = 'SIGKILL'): Promise<void> => {
    current.wanted = false;
    if (isRunning(current.child)) current.child.kill(signal);
    await current.gone;
  };
  const stop = async (): Promise<void> => {
    const incarnation = current;
    const force = setTimeout(() => incarnation.child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await kill(spec.stopSignal ?? 'SIGTERM');
    clearTimeout(force);
  };
  const restart = async (): Promise<void> => {
    await stop();
    current = await launchNew();
  };
  return {
    name: spec.name,
    logFile,
    get pid() {
      return current.pid;
    },
    get running() {
      return isRunning(current.child);
    },
    kill,
    stop,
    restart,
    onUnexpectedExit: (listener) => void listeners.push(listener),
  };
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

async function launchUntil(spec: ProcessSpec, logFile: string, onLost: (how: string) => void): Promise<Incarnation> {
  const givesUpAt = Date.now() + (spec.readyTimeoutMs ?? READY_TIMEOUT_MS);
  for (;;) {
    const from = existsSync(logFile) ? statSync(logFile).size : 0;
    try {
      return await launch(spec, logFile, onLost);
    } catch (error) {
      const passes = spec.passing?.test(readFrom(logFile, from)) ?? false;
      if (!passes || spec.abort?.aborted || Date.now() > givesUpAt) throw error;
    }
    await delay(AGAIN_AFTER_MS);
  }
}

async function launch(spec: ProcessSpec, logFile: string, onLost: (how: string) => void): Promise<Incarnation> {
  const log = openSync(logFile, 'a');
  const from = statSync(logFile).size;
  const child = spawn(spec.command, spec.args, {
    env: spec.env ?? process.env,
    uid: spec.uid,
    gid: spec.gid,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const gone = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : signal));
  });
  const incarnation: Incarnation = { child, pid: child.pid ?? 0, gone, wanted: true };
  try {
    await untilReady(spec, logFile, from, gone);
  } catch (error) {
    incarnation.wanted = false;
    if (child.pid !== undefined && isRunning(child)) child.kill('SIGKILL');
    throw error;
  }
  void gone.then((how) => {
    if (incarnation.wanted) onLost(how);
  });
  return incarnation;
}

async function untilReady(spec: ProcessSpec, logFile: string, from: number, gone: Promise<string>): Promise<void> {
  const timeoutMs = spec.readyTimeoutMs ?? READY_TIMEOUT_MS;
  const givesUpAt = Date.now() + timeoutMs;
  let ended: string | undefined;
  void gone.then((how) => {
    ended = how;
  });
  const { ready } = spec;
  const isReady = ready instanceof RegExp ? async () => ready.test(readFrom(logFile, from)) : ready;
  while (!(await isReady())) {
    const lastLines = () => readFrom(logFile, from).trimEnd().split('\n').slice(-6).join('\n');
    if (ended !== undefined) {
      throw new StackError(
        `${spec.name} ended before it was ready (${ended}); its log ${logFile} ends:\n${lastLines()}`,
      );
    }
    if (spec.abort?.aborted) throw new StackError(`${spec.name} was interrupted while it started.`);
    if (Date.now() > givesUpAt) {
      throw new StackError(
        `${spec.name} was not ready after ${timeoutMs / 1000} s; its log ${logFile} ends:\n${lastLines()}`,
      );
    }
    await delay(READY_INTERVAL_MS);
  }
}

function readFrom(file: string, from: number): string {
  const length = statSync(file).size - from;
  if (length <= 0) return '';
  const buffer = Buffer.alloc(length);
  const handle = openSync(file, 'r');
  try {
    return buffer.toString('utf8', 0, readSync(handle, buffer, 0, length, from));
  } finally {
    closeSync(handle);
  }
}
