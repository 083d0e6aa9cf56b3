/** How long work tells the server that it goes on, and hears that it is to stop. */

import { Context } from '@temporalio/activity';

/** Between two batches: a worker that is stopping ends this try here, and another goes on. */
export async function reportBatch(batch: { throughSeq: number; batches: number }): Promise<void> {
  const context = Context.current();
  context.heartbeat({ throughSeq: batch.throughSeq, batches: batch.batches });
  if (context.cancellationSignal.aborted) await context.cancelled;
}
