/** A closed loop: `width` tasks are under way at any time, until `count` are done. */

import { interrupted } from './interrupted.ts';

/** Seconds from the first start to the last end. A failing task, or an interruption, fails the run. */
export async function inFlight(count: number, width: number, task: (lane: number) => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  let left = count;
  const lane = async (index: number): Promise<void> => {
    while (left > 0) {
      interrupted.throwIfAborted();
      left -= 1;
      await task(index);
    }
  };
  await Promise.all(Array.from({ length: width }, (_, index) => lane(index)));
  return (performance.now() - startedAt) / 1_000;
}
