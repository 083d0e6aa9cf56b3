/** `npm run bench -- <name>`: measures on a stack of its own and prints one JSON line a figure. */

import { Command, InvalidArgumentError, Option } from 'commander';
import { temporaryHome } from '../dev/stack.ts';
import { interrupted } from './interrupted.ts';
import { measureLedger } from './ledger.ts';
import { compareLifecycles, type LifecycleOptions, measurePlacing } from './lifecycle/compare.ts';
import { startFull } from './lifecycle/full.ts';
import { measureClosing } from './markets/closing.ts';
import { measureForecasts } from './markets/forecasts.ts';
import { measureLeaderboards } from './markets/leaderboards.ts';
import { measureSettlement } from './markets/settlement.ts';

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 10_000) throw new InvalidArgumentError('1 to 10,000.');
  return value;
}

const program = new Command('npm run bench --').description('Benchmarks; every figure is one JSON line on stdout.');

program
  .command('lifecycle')
  .description('whole orders per second, against the same lifecycle without API, database and provider')
  .option('--orders <n>', 'orders a round', count, 40)
  .option('--in-flight <n>', 'orders under way at a time', count, 8)
  .option('--rounds <n>', 'rounds of each', count, 16)
  .action((options: LifecycleOptions) => compareLifecycles(options));

program
  .command('place')
  .description('how long placing an order takes')
  .action(async () => {
    const { home, remove } = temporaryHome();
    try {
      const full = await startFull(home, 1);
      try {
        await measurePlacing(full);
      } finally {
        await full.stop();
      }
    } finally {
      remove();
    }
  });

/** Each with a stack of its own. */
const MARKETS: Readonly<Record<string, () => Promise<void>>> = {
  forecasts: () => measureForecasts(),
  settlement: measureSettlement,
  leaderboards: measureLeaderboards,
  closing: () => measureClosing(),
};

program
  .command('markets')
  .description('prediction markets: placing forecasts, settling them, ranking forecasters, many closing at once')
  .addOption(new Option('--only <part>', 'one part instead of all').choices(Object.keys(MARKETS)))
  .action(async ({ only }: { only?: string }) => {
    for (const [part, measure] of Object.entries(MARKETS)) if (only === undefined || only === part) await measure();
  });

program.command('ledger').description('postings per second, journal by journal and many at once').action(measureLedger);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = interrupted.aborted ? 130 : 1;
}
