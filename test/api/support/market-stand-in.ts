/** Markets without their workflow: the same rules and the same records, one request after the other. */

import type { MikroORM } from '@mikro-orm/postgresql';
import { ApplicationFailure } from '@temporalio/common';
import { createMarketRecords } from '../../../activities/records/markets/create-market-records.ts';
import type { ChangeMarketInput } from '../../../activities/records/markets/market-records.ts';
import { ApiError } from '../../../api/errors.ts';
import { caseOf } from '../../../api/resources/market.ts';
import { Market } from '../../../db/entities/market.entity.ts';
import { MarketOutcome } from '../../../db/entities/market-outcome.entity.ts';
import { isErrorCode } from '../../../domain/error-codes.ts';
import type { MarketId, OutcomeId, UserId } from '../../../domain/ids.ts';
import { afterAlert, nextMarketAction } from '../../../domain/markets/clocks.ts';
import { type MarketCommand, marketRefusal } from '../../../domain/markets/commands.ts';
import type { MarketStatus, Proposal } from '../../../domain/markets/market.ts';
import { createPaymentProviders } from '../../../providers/payments/create-providers.ts';
import type { MarketInput } from '../../../workflows/market/contract.ts';

/** What the updates of the contract carry. */
export type MarketMessage = {
  moderatorId?: UserId;
  userId?: UserId;
  outcomeId?: OutcomeId;
  evidenceUrls?: readonly string[];
  reason?: string;
  note?: string;
};

export type MarketStandIn = {
  create(input: MarketInput): Promise<void>;
  change(marketId: MarketId, update: string, message: MarketMessage, updateId: string): Promise<void>;
  /** What the market does by itself next, it does now. */
  passClock(marketId: MarketId): Promise<void>;
};

type Change = Pick<ChangeMarketInput, 'to' | 'fact'> & Partial<ChangeMarketInput>;

export function createMarketStandIn(orm: MikroORM): MarketStandIn {
  const records = createMarketRecords({ orm, providers: createPaymentProviders({}), timeScale: 1 });
  const answered = new Set<string>();

  async function write(market: Market, at: string, change: Change): Promise<void> {
    const { id: marketId, version, policy } = market;
    const clocks = { closesAt: market.closesAt.toISOString(), policy };
    await asAnswer(
      records.changeMarket({
        marketId,
        version: version + 1,
        actor: { role: 'system', id: 'market' },
        reason: null,
        at,
        nextAction: nextMarketAction(change.to, at, clocks),
        ...change,
      }),
    );
  }

  // A workflow has one history: what comes at once is taken one after the other.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (step: () => Promise<void>): Promise<void> => {
    const turn = last.then(step, step);
    last = turn.catch(() => {});
    return turn;
  };

  return {
    create: (input) => inTurn(async () => void (await asAnswer(records.createMarket(input)))),
    change: (marketId, update, message, updateId) =>
      inTurn(async () => {
        if (answered.has(updateId)) return;
        const market = await orm.em.fork().findOneOrFail(Market, { id: marketId });
        const at = new Date().toISOString();
        const command = commandOf(update, message);
        const outcomes = await orm.em.fork().find(MarketOutcome, { marketId });
        const refusal = marketRefusal(command, caseOf({ market, outcomes }), at);
        if (refusal) throw new ApiError(refusal.code, { detail: refusal.message });
        await write(market, at, { ...changeFor(command, market, at), ...actorOf(command) });
        answered.add(updateId);
      }),
    async passClock(marketId) {
      const market = await orm.em.fork().findOneOrFail(Market, { id: marketId });
      const at = new Date().toISOString();
      await write(market, at, clockChange(market, at));
    },
  };
}

function commandOf(update: string, message: MarketMessage): MarketCommand {
  const { moderatorId, userId, ...rest } = message;
  return { kind: update, by: moderatorId ?? userId, ...rest } as MarketCommand;
}

function actorOf({ kind, by }: MarketCommand): Pick<ChangeMarketInput, 'actor'> {
  return { actor: { role: kind === 'challenge' ? 'forecaster' : 'moderator', id: by } };
}

function changeFor(command: MarketCommand, { proposal }: Market, at: string): Change {
  switch (command.kind) {
    case 'suspend':
      return { to: 'suspended', fact: 'market.suspended', reason: command.reason };
    case 'reopen':
      return { to: 'open', fact: 'market.reopened' };
    case 'cancel':
      return { to: 'cancelled', fact: 'market.cancelled', reason: command.reason, cancelReason: command.reason };
    case 'propose': {
      const { outcomeId, evidenceUrls, note, by } = command;
      const proposed: Proposal = { outcomeId, evidenceUrls, note, proposedBy: by, proposedAt: at };
      return { to: 'proposed', fact: 'market.proposed', reason: note, proposal: proposed };
    }
    case 'challenge': {
      const challenge = { reason: command.reason, challengedBy: command.by, challengedAt: at };
      return { to: 'challenged', fact: 'market.challenged', reason: command.reason, challenge };
    }
    case 'decide': {
      if (!proposal) throw new Error('nothing is proposed');
      const { outcomeId, note, by } = command;
      const resolution = { outcomeId, decidedBy: by, note };
      return { to: 'resolved', fact: 'market.decided', reason: note, resolution };
    }
  }
}

function clockChange({ status, nextActionKind, policy, proposal }: Market, at: string): Change {
  const alerted = (to: MarketStatus): Change => ({ to, fact: 'market.alerted', nextAction: afterAlert(at, policy) });
  switch (nextActionKind) {
    case 'close':
      return { to: 'closed', fact: 'market.closed' };
    case 'alert_resolver':
    case 'alert_decider':
      return alerted(status);
    case 'resolve_as_proposed': {
      if (!proposal) throw new Error('nothing is proposed');
      const { outcomeId, note } = proposal;
      return { to: 'resolved', fact: 'market.resolved', resolution: { outcomeId, decidedBy: null, note } };
    }
    case 'cancel':
      return { to: 'cancelled', fact: 'market.cancelled', cancelReason: 'Nobody decided in time.' };
    default:
      throw new Error(`the clock of a market that is ${status} does not move it`);
  }
}

/** What an activity refuses with reaches the client with its code. */
async function asAnswer<T>(record: Promise<T>): Promise<T> {
  try {
    return await record;
  } catch (error) {
    const code = error instanceof ApplicationFailure ? (error.type ?? '') : '';
    if (isErrorCode(code)) throw new ApiError(code, { detail: error instanceof Error ? error.message : code });
    throw error;
  }
}
