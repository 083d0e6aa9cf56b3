/** Full orders per second against the bare skeleton, in turn within one run, and how long placing one takes. */

import { temporaryHome } from '../../dev/stack.ts';
import { inFlight } from '../in-flight.ts';
import { percentile, report, say } from '../report.ts';
import { watchStolenTime } from '../stolen.ts';
import { startBare } from './bare.ts';
import { type FullLifecycle, POLL_MS, startFull } from './full.ts';
import type { Lifecycle } from './lifecycle.ts';

export type LifecycleOptions = { orders: number; inFlight: number; rounds: number };

const PLACINGS = 60;
const WARM_UPS = 20;
/** Between two rounds: a machine has better and worse minutes, and one figure should not be of one of them. */
const PLACINGS_A_ROUND = 5;

/** Both run side by side all the time, so that each round finds the same machine; only one is under load at a time. */
export async function compareLifecycles(options: LifecycleOptions): Promise<void> {
  const { home, remove } = temporaryHome();
  const started: Lifecycle[] = [];
  try {
    say('Starting the whole stack and the bare skeleton ...');
    const full = await startFull(home, options.inFlight);
    started.push(full);
    const bare = await startBare(home);
    started.push(bare);
    await measure(options, full, bare);
  } finally {
    for (const lifecycle of started.toReversed()) await lifecycle.stop();
    remove();
  }
}

async function measure(options: LifecycleOptions, full: FullLifecycle, bare: Lifecycle): Promise<void> {
  const { orders, inFlight: width, rounds } = options;
  say('Warming up ...');
  for (const lifecycle of [full, bare]) await inFlight(orders, width, lifecycle.play);
  const seconds = { full: 0, bare: 0 };
  const placings: number[] = [];
  const stolen = watchStolenTime();
  for (let round = 1; round <= rounds; round += 1) {
    // Whoever went second goes first: a machine that gets slower, or faster, favours neither.
    const turns = [['bare', bare] as const, ['full', full] as const];
    for (const [name, { play }] of round % 2 === 0 ? turns.toReversed() : turns) {
      const took = await inFlight(orders, width, play);
      seconds[name] += took;
      say(`Round ${round}: ${name} ${(orders / took).toFixed(2)}/s`);
    }
    placings.push(...(await oneByOne(PLACINGS_A_ROUND, full)));
  }
  const pace = `${rounds} rounds of ${orders} orders each, ${width} in flight; over HTTP, clients ask every ${POLL_MS} ms`;
  const note = `${pace}${stolen()}`;
  const rate = { full: (rounds * orders) / seconds.full, bare: (rounds * orders) / seconds.bare };
  report({ bench: 'lifecycle', figure: 'bare_orders_per_second', value: rate.bare, unit: '1/s', note });
  report({ bench: 'lifecycle', figure: 'full_orders_per_second', value: rate.full, unit: '1/s', note });
  report({ bench: 'lifecycle', figure: 'full_to_bare', value: rate.full / rate.bare, unit: 'ratio', note });
  reportPlacings(placings, stolen());
}

/** As a single buyer feels it, on a server that has been up for a while. */
export async function measurePlacing(full: FullLifecycle): Promise<void> {
  await oneByOne(WARM_UPS, full);
  const stolen = watchStolenTime();
  const samples = await oneByOne(PLACINGS, full);
  reportPlacings(samples, stolen());
}

/** Milliseconds of each. */
async function oneByOne(count: number, full: FullLifecycle): Promise<number[]> {
  const samples: number[] = [];
  for (let n = 0; n < count; n += 1) samples.push(await full.placeOnly(0));
  return samples;
}

function reportPlacings(samples: readonly number[], stolen: string): void {
  const note = `${samples.length} orders, one at a time, through HTTP${stolen}`;
  report({ bench: 'place', figure: 'place_p50', value: percentile(samples, 0.5), unit: 'ms', note });
  report({ bench: 'place', figure: 'place_p95', value: percentile(samples, 0.95), unit: 'ms', note });
}
