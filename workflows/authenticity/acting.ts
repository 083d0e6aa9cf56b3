/** Carries out what people ask of a verifier leg: each request is checked again, stored, and only then answered. */

import type { AuthenticityCase } from '../../domain/authenticity/case.ts';
import { type AuthenticityCommand, authenticityRefusal } from '../../domain/authenticity/commands.ts';
import { afterAuthenticityCommand } from '../../domain/authenticity/progress.ts';
import { toldOf } from '../../domain/authenticity/told.ts';
import { fail, refusalIn } from '../shared/fail.ts';
import type { Request } from '../shared/request.ts';
import { cancelled, record } from './changes.ts';
import type { AuthenticityMessage, AuthenticityState } from './state.ts';

export async function carryOut(state: AuthenticityState, message: AuthenticityMessage): Promise<void> {
  // Not done: Postgres already held another change. Look again, with that one taken over.
  const done = message.kind === 'command' ? await obey(state, message.request) : await cancelled(state);
  if (!done) state.inbox.unshift(message);
}

async function obey(
  state: AuthenticityState,
  request: Request<AuthenticityCommand, AuthenticityCase>,
): Promise<boolean> {
  const command = request.input;
  const at = new Date().toISOString();
  // What was legal when the request came in may not be any more.
  const refusal = authenticityRefusal(command, state.leg, at);
  if (refusal) {
    request.refuse(fail(refusal.code, refusal.message));
    return true;
  }
  const after = afterAuthenticityCommand(state.leg, command, at);
  try {
    if (!(await record(state, after, { actor: command.actor, ...toldOf(command) }, at))) return false;
    request.answer(state.leg);
  } catch (error) {
    // What only the rows know: whether there is such a verifier.
    const known = refusalIn(error);
    if (!known) throw error;
    request.refuse(fail(known.code, known.message));
  }
  return true;
}

/** Once it has ended, whatever is still waiting gets the answer that fits its end. */
export function answerTheRest(state: AuthenticityState): void {
  for (const message of state.inbox.splice(0)) {
    if (message.kind !== 'command') continue;
    const refusal = authenticityRefusal(message.request.input, state.leg, new Date().toISOString());
    message.request.refuse(fail(refusal?.code ?? 'already_decided', refusal?.message ?? 'the verification has ended'));
  }
}
