/** Undo steps of an unfinished story: registered before their step, run backwards, even when the workflow is cancelled. */

import { CancellationScope, log } from '@temporalio/workflow';

type Undo = { what: string; run: () => Promise<unknown> };

export class Compensation {
  private readonly undos: Undo[] = [];

  /** Call it before the step it undoes: the step may happen although its answer never arrives. Each undo is idempotent. */
  add(what: string, run: () => Promise<unknown>): void {
    this.undos.push({ what, run });
  }

  /** Undoes the latest step first. A failing undo is an operator's business: it fails the workflow, visibly. */
  async run(): Promise<void> {
    await CancellationScope.nonCancellable(async () => {
      for (const undo of this.undos.splice(0).toReversed()) {
        log.info('compensating', { what: undo.what });
        await undo.run();
      }
    });
  }
}
