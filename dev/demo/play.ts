/** Plays journeys: the heavy ones one by one, then all others at once; their stories come out in the order of the list. */

import type { Journey } from './journey.ts';
import { type Setting, Stage } from './stage.ts';

/** How a journey went; `failure` says in words what was not as expected, or null. */
export type Outcome = { journey: Journey; story: readonly string[]; journals: number; failure: string | null };

/** Calls `told` for each journey as soon as it and all before it have ended. */
export async function playJourneys(
  journeys: readonly Journey[],
  setting: Setting,
  told: (outcome: Outcome) => void,
): Promise<Outcome[]> {
  const alone = journeys.filter((journey) => journey.alone);
  let heavy: Promise<unknown> = Promise.resolve();
  const running = new Map<Journey, Promise<Outcome>>();
  for (const journey of alone) {
    const outcome = heavy.then(() => play(journey, setting));
    running.set(journey, outcome);
    heavy = outcome;
  }
  for (const journey of journeys) {
    if (!running.has(journey))
      running.set(
        journey,
        heavy.then(() => play(journey, setting)),
      );
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
