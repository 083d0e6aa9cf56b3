/** A timer that can be moved: armed at an absolute instant, re-armed only when that instant changes. */

import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';

/**
 * `condition(fn, timeout)` would start and cancel a timer at every wake-up (two events each). This one keeps its timer
 * across wake-ups and starts another only when the deadline has moved.
 */
export class Deadline {
  private armedForMs: number | null = null;
  private firedForMs: number | null = null;
  private scope: CancellationScope | null = null;

  /** Points the timer at an instant (epoch ms), or takes it away. The summary is what the Temporal UI shows. */
  arm(atMs: number | null, summary: string): void {
    if (atMs === this.armedForMs) return;
    this.scope?.cancel();
    this.scope = null;
    this.armedForMs = atMs;
    if (atMs === null) return;
    const scope = new CancellationScope({ cancellable: true, parent: CancellationScope.current() });
    this.scope = scope;
    scope
      .run(() => sleep(Math.max(0, atMs - Date.now()), { summary }))
      .then(
        () => {
          this.firedForMs = atMs;
        },
        (error: unknown) => {
          if (!isCancellation(error)) throw error;
        },
      );
  }

  /** True once the timer for the instant it was last pointed at has fired. */
  get passed(): boolean {
    return this.armedForMs !== null && this.firedForMs === this.armedForMs;
  }
}
