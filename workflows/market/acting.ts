/** Carries out what moderators and forecasters ask: checked again, stored, and only then answered. */

import { type MarketCommand, marketRefusal } from '../../domain/markets/commands.ts';
import { fail, refusalIn } from '../shared/fail.ts';
import { type MarketChange, record } from './changes.ts';
import { isDone } from './done.ts';
import type { MarketMessage, MarketState } from './state.ts';

export async function carryOut(state: MarketState, message: MarketMessage): Promise<void> {
  if (await obey(state, message)) return;
  // Not done: Postgres already held another change. Look again, with that one taken over.
  state.inbox.unshift(message);
  for (const waiting of state.inbox) waiting.isAgain = true;
}

async function obey(state: MarketState, { request, isAgain }: MarketMessage): Promise<boolean> {
  const { command, at } = request.input;
  const isAlready = isAgain && isDone(command, state.market);
  // What was legal when the request came in may not be any more.
  const refusal = isAlready ? null : marketRefusal(command, state.market, at);
  if (refusal) {
    request.refuse(fail(refusal.code, refusal.message));
    return true;
  }
  try {
    if (!isAlready && !(await record(state, changeOf(command, at)))) return false;
    request.answer(state.answer());
  } catch (error) {
    // What only the rows know: who has a forecast on it.
    const known = refusalIn(error);
    if (!known) throw error;
    request.refuse(fail(known.code, known.message));
  }
  return true;
}

function changeOf(command: MarketCommand, at: string): MarketChange {
  const { by } = command;
  const moderator = { at, actor: { role: 'moderator', id: by }, reason: null } as const;
  switch (command.kind) {
    case 'suspend':
      return { ...moderator, reason: command.reason, to: 'suspended', fact: 'market.suspended' };
    case 'reopen':
      return { ...moderator, to: 'open', fact: 'market.reopened' };
    case 'cancel': {
      const { reason } = command;
      return { ...moderator, reason, to: 'cancelled', fact: 'market.cancelled', cancelReason: reason };
    }
    case 'propose': {
      const { outcomeId, evidenceUrls, note } = command;
      const proposal = { outcomeId, evidenceUrls, note, proposedBy: by, proposedAt: at };
      return { ...moderator, reason: note, to: 'proposed', fact: 'market.proposed', proposal };
    }
    case 'challenge': {
      const { reason } = command;
      const challenge = { reason, challengedBy: by, challengedAt: at };
      const actor = { role: 'forecaster', id: by } as const;
      return { at, actor, reason, to: 'challenged', fact: 'market.challenged', challenge };
    }
    case 'decide': {
      const { outcomeId, note } = command;
      const resolution = { outcomeId, decidedBy: by, note };
      return { ...moderator, reason: note, to: 'resolved', fact: 'market.decided', resolution };
    }
  }
}

/** Once it is decided, whatever is still waiting gets the answer that fits its end. */
export function answerTheRest(state: MarketState): void {
  for (const { request, isAgain } of state.inbox.splice(0)) {
    const { command, at } = request.input;
    if (isAgain && isDone(command, state.market)) {
      request.answer(state.answer());
      continue;
    }
    const refusal = marketRefusal(command, state.market, at);
    request.refuse(fail(refusal?.code ?? 'market_over', refusal?.message ?? 'the market is over'));
  }
}
