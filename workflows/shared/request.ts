/** A request on its way from an update handler to the main loop, which answers it when the work is stored. */

import { type ApplicationFailure, CancellationScope, condition } from '@temporalio/workflow';

/**
 * Handlers record, the main loop acts: the handler of an update queues a Request and sleeps in `answered()` until
 * the main loop calls `answer` or `refuse`. Waiting costs no event in the history.
 */
export class Request<Input, Output> {
  readonly input: Input;
  private outcome: { value: Output } | { refusal: ApplicationFailure } | null = null;

  constructor(input: Input) {
    this.input = input;
  }

  answer(value: Output): void {
    this.outcome ??= { value };
  }

  refuse(refusal: ApplicationFailure): void {
    this.outcome ??= { refusal };
  }

  /** Waits on even if an operator cancels the workflow: the main loop goes on, and so the answer will come. */
  async answered(): Promise<Output> {
    await CancellationScope.nonCancellable(() => condition(() => this.outcome !== null));
    if (this.outcome === null) throw new Error('unreachable: the condition above holds');
    if ('refusal' in this.outcome) throw this.outcome.refusal;
    return this.outcome.value;
  }
}
