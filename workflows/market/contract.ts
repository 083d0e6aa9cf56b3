/** The door into the market workflow: its id, its input, its messages. Forecasts do not pass through it. */

import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type { MarketId, OutcomeId, UserId } from '../../domain/ids.ts';
import type { MarketActor, MarketCategory, MarketStatus } from '../../domain/markets/market.ts';
import type { Timeline } from '../../domain/timeline.ts';

export const MARKET_WORKFLOW_TYPE = 'marketWorkflow';

/** The workflow id is the business id. */
export const marketWorkflowId = (marketId: MarketId): string => `market/${marketId}`;

export type MarketInput = {
  marketId: MarketId;
  /** A moderator. */
  createdBy: UserId;
  /** The channel's slug. */
  channel: string;
  title: string;
  description: string;
  category: MarketCategory;
  metadata: Record<string, string | number | boolean | null>;
  /** Two or more names, each once. */
  outcomes: readonly string[];
  /** RFC 3339. */
  closesAt: string;
  /** Null: as the channel's policy says. */
  maxPointsPerUser: number | null;
  /** What this market has otherwise than its channel. */
  overrides: { challengeWindowMs?: number; resolveByMs?: number };
  /** Hash of the request that created it: the same id with another request is refused. */
  requestHash: string;
  requestId: string;
};

/** `rejected`: never became a market. */
export type MarketResult = { status: 'settled' | 'cancelled' | 'rejected' };

/**
 * Creates the market: sent with the start (update-with-start). Fails with: channel_not_found, markets_not_offered,
 * closes_at_not_later, validation_failed (outcomes, points out of the channel's range), idempotency_key_reused.
 */
export const createUpdate = defineUpdate<MarketStored, []>('create');

/** The market as it is stored after a change. */
export type MarketStored = { marketId: MarketId; status: MarketStatus; version: number };

/** Fails with: illegal_transition, market_closed, market_over. */
export const suspendUpdate = defineUpdate<MarketStored, [{ moderatorId: UserId; reason: string }]>('suspend');
/** Fails with: market_not_suspended, market_closed (its time has come meanwhile), market_over. */
export const reopenUpdate = defineUpdate<MarketStored, [{ moderatorId: UserId }]>('reopen');
/** Every stake goes back. Fails with: market_over. */
export const cancelMarketUpdate = defineUpdate<MarketStored, [{ moderatorId: UserId; reason: string }]>('cancel');

export type Resolution = {
  moderatorId: UserId;
  outcomeId: OutcomeId;
  evidenceUrls: readonly string[];
  note: string;
};
/** Fails with: market_not_closed, already_proposed, market_over, outcome_not_in_market, resolver_conflict. */
export const proposeUpdate = defineUpdate<MarketStored, [Resolution]>('propose');
/** Fails with: not_challengeable, already_challenged, challenge_window_closed, not_a_forecaster, market_over. */
export const challengeUpdate = defineUpdate<MarketStored, [{ userId: UserId; reason: string }]>('challenge');
/** Fails with: not_challengeable, same_moderator, resolver_conflict, outcome_not_in_market, market_over. */
export const decideUpdate = defineUpdate<MarketStored, [{ moderatorId: UserId; outcomeId: OutcomeId; note: string }]>(
  'decide',
);

/** What happened, what happens next by itself and when, and who can change it. */
export const marketTimelineQuery = defineQuery<Timeline<MarketActor['role']>>('timeline');

/** The state an operator sees. */
export const marketSnapshotQuery = defineQuery<MarketSnapshot>('snapshot');
export type MarketSnapshot = { marketId: MarketId; status: MarketStatus | 'rejected'; version: number };
