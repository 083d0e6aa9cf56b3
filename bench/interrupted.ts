/** Ends a benchmark early, by Ctrl-C or because it takes too long: whatever it has started is stopped on the way out. */

const LONGEST_RUN_MS = 20 * 60_000;

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => stop.abort(new Error(`interrupted by ${signal}`)));
}

/** Aborted when the run is to end; starts take it, loops look at it. */
export const interrupted: AbortSignal = AbortSignal.any([stop.signal, AbortSignal.timeout(LONGEST_RUN_MS)]);
