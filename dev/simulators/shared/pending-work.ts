/** Work to do later: counts what waits and what runs, so that one can await the end of it, and stops it all. */

export type PendingWork = {
  /** Runs the work after the wait; not at all once closed. */
  later(waitMs: number, work: () => Promise<void>): void;
  /** Resolves when nothing waits or runs. */
  idle: () => Promise<void>;
  /** Aborted at the close: for work under way. */
  readonly signal: AbortSignal;
  close: () => void;
};

export function createPendingWork(): PendingWork {
  const timers = new Set<NodeJS.Timeout>();
  const closing = new AbortController();
  let running = 0;
  let waiters: (() => void)[] = [];

  const isIdle = () => running === 0 && timers.size === 0;

  function settle(): void {
    if (!isIdle()) return;
    for (const resolve of waiters) resolve();
    waiters = [];
  }

  async function run(work: () => Promise<void>): Promise<void> {
    running += 1;
    try {
      await work();
    } finally {
      running -= 1;
      settle();
    }
  }

  return {
    signal: closing.signal,
    later(waitMs, work) {
      if (closing.signal.aborted) return;
      const timer = setTimeout(() => {
        timers.delete(timer);
        void run(work);
      }, waitMs);
      timers.add(timer.unref());
    },
    idle: () => (isIdle() ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve))),
    close() {
      closing.abort();
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      settle();
    },
  };
}
