/** Every journey, in sets: a folder here is a set, and an entry of this list. */

import { StackError } from '../stack-error.ts';
import { DISPUTE_JOURNEYS } from './disputes/journeys.ts';
import type { Journey } from './journey.ts';
import { ORDER_JOURNEYS } from './orders/journeys.ts';
import { PILIMARKET_JOURNEYS } from './pilimarket/journeys.ts';

const JOURNEY_SETS: Readonly<Record<string, readonly Journey[]>> = {
  orders: ORDER_JOURNEYS,
  disputes: DISPUTE_JOURNEYS,
  pilimarket: PILIMARKET_JOURNEYS,
};

/** What the arguments name, sets or single journeys; everything without arguments. Fails with StackError. */
export function chooseJourneys(names: readonly string[]): Journey[] {
  const all = Object.values(JOURNEY_SETS).flat();
  if (names.length === 0) return all;
  const chosen = new Set(names.flatMap((name) => JOURNEY_SETS[name] ?? named(name, all)));
  return all.filter((journey) => chosen.has(journey));
}

function named(name: string, all: readonly Journey[]): Journey[] {
  const found = all.filter((journey) => journey.name === name);
  if (found.length > 0) return found;
  const known = [...Object.keys(JOURNEY_SETS), ...all.map((journey) => journey.name)];
  throw new StackError(`No journey is called ${name}: choose among ${known.join(', ')}.`);
}
