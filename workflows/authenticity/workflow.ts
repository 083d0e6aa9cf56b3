/** The story of the verifier leg: goods go to a verifier, and on to the buyer only if they are what was sold. */

import {
  allHandlersFinished,
  CancellationScope,
  condition,
  getExternalWorkflowHandle,
  log,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { decisionOfCase } from '../../domain/authenticity/case.ts';
import { authenticityDecidedSignal, escrowWorkflowId } from '../escrow/contract.ts';
import { Deadline } from '../shared/deadline.ts';
import { SEARCH_ATTRIBUTES } from '../shared/operator-view.ts';
import { answerTheRest, carryOut } from './acting.ts';
import { runOut } from './changes.ts';
import type { AuthenticityInput, AuthenticityOutcome } from './contract.ts';
import { registerHandlers } from './handlers.ts';
import { AuthenticityState } from './state.ts';

/**
 * Started by the escrow when the seller ships goods that a verifier has to see. Ends with what the escrow is told, or
 * cancelled when the escrow has settled. The goods' owner waits for it, so an operator's cancel is ignored.
 */
export async function authenticityWorkflow(input: AuthenticityInput): Promise<AuthenticityOutcome> {
  const state = new AuthenticityState(input);
  registerHandlers(state);
  return CancellationScope.nonCancellable(async () => {
    const deadline = new Deadline();
    let shownAt = state.leg.deadlineAt;
    while (!state.ended) {
      const { deadlineAt, phase } = state.leg;
      deadline.arm(deadlineAt === null ? null : Date.parse(deadlineAt), phase);
      await condition(() => state.inbox.length > 0 || deadline.passed);
      const message = state.inbox.shift();
      // Somebody's word comes before the clock: accepted at the deadline is accepted in time.
      if (message) await carryOut(state, message);
      else await runOut(state);
      if (!state.ended && state.leg.deadlineAt !== shownAt) shownAt = showNextAction(state);
    }
    deadline.arm(null, 'ended');
    answerTheRest(state);
    await tellEscrow(state);
    await condition(allHandlersFinished);
    return { phase: state.leg.phase };
  });
}

/** One event each time, so only when the instant has changed. */
function showNextAction({ leg }: AuthenticityState): string | null {
  const value = leg.deadlineAt === null ? null : new Date(leg.deadlineAt);
  upsertSearchAttributes([{ key: SEARCH_ATTRIBUTES.nextActionAt, value }]);
  return leg.deadlineAt;
}

/** An escrow that has ended meanwhile needs no telling: its money is settled. */
async function tellEscrow({ leg }: AuthenticityState): Promise<void> {
  const decision = decisionOfCase(leg);
  if (decision === null) return;
  const escrow = getExternalWorkflowHandle(escrowWorkflowId(leg.escrowId));
  try {
    await escrow.signal(authenticityDecidedSignal, { eventId: `authenticity/${leg.escrowId}`, ...decision });
  } catch (error) {
    log.warn('the escrow was not there to be told', { escrowId: leg.escrowId, error: String(error) });
  }
}
