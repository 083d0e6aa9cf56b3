/**
 * The story of a market: open for forecasts until its time has come, resolved by a moderator with evidence, challenged
 * perhaps and decided by another, paid out. What nobody resolves is cancelled, and every stake goes back.
 */

import { allHandlersFinished, CancellationScope, condition } from '@temporalio/workflow';
import { isClockFirst } from '../../domain/markets/clocks.ts';
import { bulk, marketRecords } from '../shared/activity-proxies.ts';
import { refusalIn } from '../shared/fail.ts';
import { insist } from '../shared/insist.ts';
import { answerTheRest, carryOut } from './acting.ts';
import { Clock } from './clock.ts';
import type { MarketInput, MarketResult } from './contract.ts';
import { registerHandlers } from './handlers.ts';
import { MarketState } from './state.ts';

/** Started by `POST /markets` (update-with-start). Forecasts do not pass through it. */
export async function marketWorkflow(input: MarketInput): Promise<MarketResult> {
  const state = new MarketState(input);
  registerHandlers(state);
  // Stakes are held for as long as it runs: an operator's cancel is ignored, moderators cancel by request.
  return CancellationScope.nonCancellable(async () => {
    if (!(await created(state))) return rejected(state);
    await decided(state);
    await settled(state);
    await condition(allHandlersFinished);
    return { status: state.market.status === 'cancelled' ? 'cancelled' : 'settled' };
  });
}

/** True once it stands; false where it was refused, and nothing is stored. */
async function created(state: MarketState): Promise<boolean> {
  try {
    state.adopt(await marketRecords.createMarket(state.input));
  } catch (error) {
    state.refusal = refusalIn(error) ?? { code: 'internal_error', message: 'the market could not be created' };
    return false;
  }
  state.note('market.created', 'moderator');
  return true;
}

async function rejected(state: MarketState): Promise<MarketResult> {
  state.refuseWaiting();
  state.showDetails();
  await condition(allHandlersFinished);
  return { status: 'rejected' };
}

/** Until the outcome is fixed, or there will be none. */
async function decided(state: MarketState): Promise<void> {
  const clock = new Clock(state);
  while (!state.isDecided) {
    await clock.untilSomethingHappens();
    const [message] = state.inbox;
    const { nextAction, policy } = state.market;
    // What is asked at the instant of a deadline is in time, except where the instant itself is the rule.
    if (message && !isClockFirst(nextAction, message.request.input.at, policy)) {
      state.inbox.shift();
      await carryOut(state, message);
    } else {
      await clock.act();
    }
  }
  clock.stop();
  answerTheRest(state);
}

/** The pool is paid out, or every stake goes back. */
async function settled(state: MarketState): Promise<void> {
  const { marketId } = state.input;
  const { status, version } = state.market;
  const { kind } = await insist('settling the market', () => bulk.settleMarket({ marketId }));
  state.adopt({
    ...state.market,
    applied: true,
    version: version + 1,
    status: status === 'resolved' ? 'settled' : status,
    nextAction: { kind: 'none', at: null },
  });
  state.note(kind === 'paid' ? 'market.settled' : 'market.returned', 'system');
}
