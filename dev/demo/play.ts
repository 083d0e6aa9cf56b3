/**
 * Plays journeys: the heavy ones one by one, then those that wait for clocks all at once, beside them the others a few at a
 * time. Their stories come out in the order of the list.
 */

import type { Journey } from './journey.ts';
import { type Setting, Stage } from './stage.ts';

/** More at once, and a small machine answers too late for the clocks of their disputes. */
const PLACES = 4;

/** How a journey went; `failure` says in words what was not as expected, or null. */
export type Outcome = { journey: Journey; story: readonly string[]; journals: number; failure: string | null };

/** Calls `told` for each journey as soon as it and all before it have ended. */
export async function playJourneys(
  journeys: readonly Journey[],
  setting: Setting,
  told: (outcome: Outcome) => void,
): Promise<Outcome[]> {
  const running = new Map<Journey, Promise<Outcome>>();
  const begin = (journey: Journey, before: Promise<unknown>) => {
    const outcome = before.then(() => play(journey, setting));
    running.set(journey, outcome);
    return outcome;
  };
  let heavy: Promise<unknown> = Promise.resolve();
  for (const journey of journeys.filter(({ alone }) => alone)) heavy = begin(journey, heavy);
  for (const journey of journeys.filter(({ slow }) => slow)) void begin(journey, heavy);
  const places = Array.from({ length: PLACES }, () => heavy);
  for (const [index, journey] of journeys.filter(({ alone, slow }) => !alone && !slow).entries()) {
    const place = index % PLACES;
    places[place] = begin(journey, places[place] ?? heavy);
  }
  const outcomes: Outcome[] = [];
  for (const journey of journeys) {
    const outcome = await running.get(journey);
    if (outcome === undefined) continue;
    told(outcome);
    outcomes.push(outcome);
  }
  return outcomes;
}

async function play(journey: Journey, setting: Setting): Promise<Outcome> {
  const stage = new Stage(setting);
  const ended = (failure: string | null): Outcome => ({
    journey,
    story: stage.story,
    journals: stage.journals,
    failure,
  });
  try {
    await journey.play(stage);
    return ended(null);
  } catch (error) {
    return ended(error instanceof Error ? error.message : String(error));
  }
}
