/**
 * `npm run demo [-- <journeys>]`: plays journeys on a fresh stack of its own and compares every ledger with the expected
 * one. Exits with 1 when anything differs.
 */

import { Command } from 'commander';
import { auditLedger } from '../../db/ledger/audit.ts';
import { initOrm } from '../../db/orm.ts';
import { createProgress, type Progress } from '../progress.ts';
import { ephemeralPorts } from '../settings.ts';
import { type Stack, startStack, temporaryHome } from '../stack.ts';
import { messageOf, StackError } from '../stack-error.ts';
import type { Journey } from './journey.ts';
import { chooseJourneys } from './journey-sets.ts';
import { type Outcome, playJourneys } from './play.ts';

/** A day takes three seconds: the shortest clock (3 days) leaves a journey 9 s, the longest (21 days) ends soon. */
const TIME_SCALE = 28_800;

const INTERRUPTED = 130;

async function main(): Promise<number> {
  const command = new Command('npm run demo --')
    .description('Plays journeys through the API on a fresh stack and compares the ledger with what it should say.')
    .argument('[journeys...]', 'sets or single journeys; all of them if none is named');
  const progress = createProgress(process.stdout);
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupt.abort());
  try {
    return await demonstrate(chooseJourneys(command.parse().args), progress, interrupt.signal);
  } catch (error) {
    if (interrupt.signal.aborted) return INTERRUPTED;
    process.stderr.write(`${error instanceof StackError ? error.message : describe(error)}\n`);
    return 1;
  }
}

async function demonstrate(journeys: readonly Journey[], progress: Progress, abort: AbortSignal): Promise<number> {
  const startedAt = performance.now();
  const { home, remove } = temporaryHome();
  let passed = false;
  try {
    const ports = await ephemeralPorts();
    const stack = await startStack({ home, ports, timeScale: TIME_SCALE, progress, abort });
    try {
      passed = await Promise.race([tell(stack, journeys, progress, startedAt), rejectedOn(abort)]);
    } finally {
      await stack.stop();
    }
    return passed ? 0 : 1;
  } finally {
    if (passed || abort.aborted) remove();
    else progress.note(`The logs and the data of this run are in ${home}.`);
  }
}

async function tell(stack: Stack, journeys: readonly Journey[], progress: Progress, startedAt: number) {
  const { api, simulator, paymongo, database } = stack.urls;
  if (simulator === null || paymongo === null) throw new StackError('The demo needs the payment simulators.');
  progress.note('\nA day takes three seconds here. Every step goes through the HTTP API.\n');
  const orm = await initOrm(database, { pool: { max: 4 } });
  try {
    const setting = { api, simulator, paymongo, em: orm.em };
    const told = (outcome: Outcome) => print(outcome, progress);
    const outcomes = await progress.step('Journeys', () => playJourneys(journeys, setting, told));
    const { clean, findings } = await auditLedger(orm.em);
    for (const { name, violations, rows } of findings) {
      if (violations > 0) progress.note(`The audit finds ${violations} × not so: ${name} ${JSON.stringify(rows)}`);
    }
    const failed = outcomes.filter(({ failure }) => failure !== null);
    const journals = outcomes.reduce((sum, outcome) => sum + outcome.journals, 0);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
    progress.note(
      `${outcomes.length - failed.length} journeys passed, ${failed.length} failed; ${journals} journals as expected; ` +
        `ledger audit ${clean ? `clean (${findings.length} invariants hold)` : 'NOT clean'}; ${seconds} s.`,
    );
    return clean && failed.length === 0;
  } finally {
    await orm.close();
  }
}

function print({ journey, story, failure }: Outcome, progress: Progress): void {
  progress.note(`${journey.title} (${journey.name})`);
  for (const sentence of story) progress.note(`  ${sentence}`);
  progress.note(failure === null ? '  ✓ as expected\n' : `  ✗ ${failure}\n`);
}

function rejectedOn(abort: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    abort.addEventListener('abort', () => reject(new StackError('interrupted')));
  });
}

function describe(error: unknown): string {
  return error instanceof Error && error.stack !== undefined ? error.stack : messageOf(error);
}

process.exitCode = await main();
