/** A market's one clock: what it does by itself, as it was announced beforehand. */

import { condition } from '@temporalio/workflow';
import { afterAlert } from '../../domain/markets/clocks.ts';
import { Deadline } from '../shared/deadline.ts';
import { CLOCK, now, record } from './changes.ts';
import type { MarketState } from './state.ts';

export class Clock {
  private readonly state: MarketState;
  private readonly deadline = new Deadline();

  constructor(state: MarketState) {
    this.state = state;
  }

  /** None is armed for what is due at once. */
  async untilSomethingHappens(): Promise<void> {
    const { state, deadline } = this;
    const { kind, at } = state.market.nextAction;
    deadline.arm(at === null || this.isDue ? null : Date.parse(at), kind);
    await condition(() => state.inbox.length > 0 || deadline.passed || this.isDue);
  }

  /** Does what is due; nothing if its time has not come. */
  async act(): Promise<void> {
    const { state } = this;
    if (!this.isDue && !this.deadline.passed) return;
    const at = now();
    const { status, policy, nextAction, proposal } = state.market;
    const change = { at, actor: CLOCK, reason: null };
    switch (nextAction.kind) {
      case 'close':
        await record(state, { ...change, to: 'closed', fact: 'market.closed' });
        return;
      case 'alert_resolver':
      case 'alert_decider':
        await record(state, { ...change, to: status, fact: 'market.alerted', nextAction: afterAlert(at, policy) });
        return;
      case 'resolve_as_proposed': {
        // Postgres does not hold such a market. Not a refusal: the run stays, and an operator sees it.
        if (proposal === null) throw new Error('proposed, and nothing is proposed');
        const { outcomeId, note } = proposal;
        const resolution = { outcomeId, decidedBy: null, note };
        await record(state, { ...change, to: 'resolved', fact: 'market.resolved', resolution });
        return;
      }
      case 'cancel': {
        const cancelReason = status === 'challenged' ? NOT_DECIDED : NOT_PROPOSED;
        await record(state, {
          ...change,
          reason: cancelReason,
          to: 'cancelled',
          fact: 'market.cancelled',
          cancelReason,
        });
        return;
      }
      case 'pay_out':
      case 'none':
        return;
    }
  }

  /** The market decided, no clock runs any more. */
  stop(): void {
    this.deadline.arm(null, 'decided');
  }

  private get isDue(): boolean {
    const { at } = this.state.market.nextAction;
    return at !== null && Date.parse(at) <= Date.now();
  }
}

const NOT_PROPOSED = 'nobody proposed an outcome in time';
const NOT_DECIDED = 'nobody decided the challenge in time';
