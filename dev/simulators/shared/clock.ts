/** A simulator's clock. */

/** Tests may push it forward. Epoch milliseconds. */
export type SimulationClock = { now(): number; advance(ms: number): void };

export function createClock(source: () => number = Date.now): SimulationClock {
  let offsetMs = 0;
  return {
    now: () => source() + offsetMs,
    advance(ms) {
      offsetMs += ms;
    },
  };
}
