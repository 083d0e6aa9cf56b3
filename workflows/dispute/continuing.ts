/** A dispute may be talked about for months: a long history is handed on to a fresh run with everything it knows. */

import { allHandlersFinished, condition, continueAsNew, workflowInfo } from '@temporalio/workflow';
import type { DisputeInput, DisputeResult } from './contract.ts';
import type { DisputeState } from './state.ts';

export function shouldContinueInNewRun(dispute: DisputeState): boolean {
  return workflowInfo().continueAsNewSuggested && !dispute.ended;
}

/** Only between two steps, with nobody waiting: an answer owed to a caller does not survive into the next run. */
export async function continueInNewRunWhenLong(dispute: DisputeState): Promise<void> {
  if (!shouldContinueInNewRun(dispute)) return;
  await condition(() => allHandlersFinished() || dispute.inbox.length > 0);
  if (dispute.inbox.length > 0) return;
  await continueAsNew<(input: DisputeInput) => Promise<DisputeResult>>({ ...dispute.input, carried: dispute.carry() });
}
