/** A hold may live for months: a long history is handed on to a fresh run with everything the escrow knows. */

import { allHandlersFinished, condition, continueAsNew, workflowInfo } from '@temporalio/workflow';
import type { EscrowInput, EscrowResult } from './contract.ts';
import type { EscrowState } from './state.ts';

export function shouldContinueInNewRun(escrow: EscrowState): boolean {
  return workflowInfo().continueAsNewSuggested && !escrow.settled && escrow.payoutsUnderWay === 0;
}

/** Only between two steps, with nobody waiting: an answer owed to a caller does not survive into the next run. */
export async function continueInNewRunWhenLong(escrow: EscrowState): Promise<void> {
  if (!shouldContinueInNewRun(escrow)) return;
  await condition(() => allHandlersFinished() || escrow.inbox.length > 0);
  if (escrow.inbox.length > 0) return;
  await continueAsNew<(input: EscrowInput) => Promise<EscrowResult>>({ ...escrow.input, carried: escrow.carry() });
}
