/** The verifier leg's message handlers: they validate and record; the main loop does the rest. */

import { setHandler } from '@temporalio/workflow';
import type { AuthenticityCase } from '../../domain/authenticity/case.ts';
import { type AuthenticityCommand, authenticityRefusal } from '../../domain/authenticity/commands.ts';
import { fail } from '../shared/fail.ts';
import { Request } from '../shared/request.ts';
import { isFact } from '../shared/seen-events.ts';
import {
  authenticityCaseQuery,
  authenticityCommandUpdate,
  authenticityTimelineQuery,
  holdSettledSignal,
} from './contract.ts';
import type { AuthenticityState } from './state.ts';

/** Registers every handler; called before the first await, so that no message finds the door closed. */
export function registerHandlers(state: AuthenticityState): void {
  const handler = (command: AuthenticityCommand): Promise<AuthenticityCase> => {
    const request = new Request<AuthenticityCommand, AuthenticityCase>(command);
    state.inbox.push({ kind: 'command', request });
    return request.answered();
  };
  const validator = (command: AuthenticityCommand): void => {
    const refusal = authenticityRefusal(command, state.leg, new Date().toISOString());
    if (refusal) throw fail(refusal.code, refusal.message);
  };
  setHandler(authenticityCommandUpdate, handler, { validator });
  setHandler(holdSettledSignal, (fact) => {
    if (isFact(fact) && state.seen.takeIn(fact.eventId)) state.inbox.push({ kind: 'holdSettled', fact });
  });
  setHandler(authenticityCaseQuery, () => state.leg);
  setHandler(authenticityTimelineQuery, () => state.timeline());
}
