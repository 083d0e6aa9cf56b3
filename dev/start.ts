/** `npm start`: the whole stack on this machine, until Ctrl-C. `-- --fresh` begins with empty data. */

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { chooseHome, emptyHome, lockHome, makeHome } from './home.ts';
import { createProgress, type Progress } from './progress.ts';
import { openSampleMarkets } from './sample-markets.ts';
import { playSampleOrder } from './sample-order.ts';
import { readSettings } from './settings.ts';
import { type Stack, startStack } from './stack.ts';
import { messageOf, StackError } from './stack-error.ts';

type Flags = { fresh: boolean; sample: boolean };

const INTERRUPTED = 130;

async function main(): Promise<number> {
  const command = new Command('npm start --')
    .description('Starts Postgres, Temporal, the payment simulator, workers and API, and stays until Ctrl-C.')
    .option('--fresh', 'begin with empty data', false)
    .option('--no-sample', 'do not play a sample order the first time');
  const flags = command.parse().opts<Flags>();
  const progress = createProgress(process.stdout);
  const end = listenForTheEnd();
  try {
    const stack = await start(flags, progress, end.signal);
    const how = await untilTheEnd(stack, end.signal);
    progress.note('Stopping ...');
    await stack.stop();
    progress.note('Stopped. The data is kept for the next start.');
    if (how === null) return 0;
    process.stderr.write(`${how}\n`);
    return 1;
  } catch (error) {
    if (end.signal.aborted) return INTERRUPTED;
    process.stderr.write(`\n${error instanceof StackError ? error.message : describe(error)}\n`);
    return 1;
  }
}

async function start(flags: Flags, progress: Progress, abort: AbortSignal): Promise<Stack> {
  const startedAt = performance.now();
  const settings = readSettings(process.env);
  const { folder: home, note } = await chooseHome(process.env);
  if (note !== null) progress.note(note);
  makeHome(home);
  if (flags.fresh) await startAfresh(home);

  progress.note(`Holdfast, data in ${home}`);
  const stack = await startStack({ ...settings, home, temporalUi: true, progress, abort });
  progress.note(`Healthy after ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
  try {
    await playSampleOnce(stack, home, flags, progress);
    await openMarketsOnce(stack, home, flags, progress);
  } catch (error) {
    await stack.stop();
    throw error;
  }
  printAddresses(stack, progress);
  return stack;
}

/** Only what no running stack uses is deleted. */
async function startAfresh(home: string): Promise<void> {
  const lock = await lockHome(home);
  emptyHome(home);
  lock.release();
}

async function playSampleOnce(stack: Stack, home: string, flags: Flags, progress: Progress): Promise<void> {
  const played = join(home, 'sample-order.json');
  if (!flags.sample || existsSync(played)) return;
  if (stack.urls.simulator === null) {
    progress.note('No sample order: with a real Stripe account the payment is yours to confirm.');
    return;
  }
  const { api, simulator } = stack.urls;
  const order = await progress.step('Sample order', (say) => playSampleOrder({ api, simulator, say }));
  writeFileSync(played, JSON.stringify(order));
  progress.note(
    `    order ${order.orderId}: paid, shipped, delivered, ${order.netMinor} ${order.currency} (minor units) released to the seller`,
  );
}

async function openMarketsOnce(stack: Stack, home: string, flags: Flags, progress: Progress): Promise<void> {
  const opened = join(home, 'sample-markets.json');
  const { api, paymongo } = stack.urls;
  if (!flags.sample || existsSync(opened) || paymongo === null) return;
  const sample = await progress.step('Sample markets', (say) => openSampleMarkets({ api, paymongo, say }));
  writeFileSync(opened, JSON.stringify(sample));
  progress.note(`    ${sample.markets.length} questions to forecast on; the buyer has bought ${sample.chips} chips`);
}

function printAddresses({ urls }: Stack, progress: Progress): void {
  const rows: [string, string | null][] = [
    ['API', `${urls.api}/api/v1`],
    ['API docs', `${urls.api}/docs`],
    ['Temporal UI', urls.temporalUi],
    ['Payment simulator', urls.simulator],
    ['GCash and Maya', urls.paymongo],
    ['Postgres', urls.database],
  ];
  progress.note('');
  for (const [name, url] of rows) {
    if (url !== null) progress.note(`  ${name.padEnd(18)} ${url.replace(/:\/\/127\.0\.0\.1/, '://localhost')}`);
  }
  progress.note(
    '\n  Log in as buyer@holdfast.test or seller@holdfast.test, password holdfast-demo-1. Ctrl-C stops everything.',
  );
}

/** The first signal ends the stack in order, the second at once. */
function listenForTheEnd(): AbortController {
  const end = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end.abort());
  return end;
}

/** Resolves null when asked to end, or a sentence when a part of the stack ended by itself. */
function untilTheEnd(stack: Stack, signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener('abort', () => resolve(null));
    for (const process of stack.processes) {
      process.onUnexpectedExit((how) => resolve(`${process.name} ended by itself (${how}): see ${process.logFile}.`));
    }
  });
}

function describe(error: unknown): string {
  return error instanceof Error && error.stack !== undefined ? error.stack : messageOf(error);
}

process.exitCode = await main();
