/** What the market workflow writes: one idempotent, numbered transaction per step. */

import type { FactType } from '../../../domain/facts.ts';
import type { MarketId, OutcomeId, UserId } from '../../../domain/ids.ts';
import type {
  Challenge,
  MarketActor,
  MarketNextAction,
  MarketStatus,
  Proposal,
} from '../../../domain/markets/market.ts';
import type { MarketPolicy } from '../../../domain/policy/policy.ts';
import type { MarketInput } from '../../../workflows/market/contract.ts';

/** What the workflow needs to know of a market. Instants are RFC 3339. */
export type StoredMarket = {
  /** False: this number was taken by another change; look again. */
  applied: boolean;
  version: number;
  status: MarketStatus;
  closesAt: string;
  policy: Pick<MarketPolicy, 'challengeWindowMs' | 'resolveByMs' | 'decideWithinMs' | 'cancelAfterAlertMs'>;
  outcomeIds: readonly OutcomeId[];
  proposal: Proposal | null;
  challenge: Challenge | null;
  /** The final word, once there is one. */
  resolution: { outcomeId: OutcomeId; decidedBy: UserId | null } | null;
  nextAction: { kind: MarketNextAction; at: string | null };
};

/** One numbered change; what is absent stays as it is. */
export type ChangeMarketInput = {
  marketId: MarketId;
  /** The number of this change: the version the market has afterwards. */
  version: number;
  to: MarketStatus;
  fact: FactType;
  actor: MarketActor;
  reason: string | null;
  at: string;
  nextAction: { kind: MarketNextAction; at: string | null };
  proposal?: Proposal;
  challenge?: Omit<Challenge, 'forecastId'>;
  cancelReason?: string;
  /** The final word: stored for good with the change to `resolved`. */
  resolution?: { outcomeId: OutcomeId; decidedBy: UserId | null; note: string };
};

export type MarketRecords = {
  /** Stores market and outcomes; creating it again answers with the stored market. Its slug follows from its title. */
  createMarket(input: MarketInput): Promise<StoredMarket>;
  /**
   * Fails with resolver_conflict (a moderator who proposes, decides or cancels has a forecast on it) and not_a_forecaster
   * (who challenges has none).
   */
  changeMarket(input: ChangeMarketInput): Promise<StoredMarket>;
};

/** Long work on many rows, on the bulk queue. */
export type MarketBulkActivities = {
  /**
   * Pays the pool of a resolved market out, or returns the stakes of a cancelled one, batch by batch, each a transaction
   * with a journal of its own; goes on where it stopped. Ends with the market settled.
   */
  settleMarket(input: { marketId: MarketId }): Promise<SettledMarket>;
};

/** `returned`: cancelled, or nobody chose what came true. The counts are over all tries. */
export type SettledMarket = { kind: 'paid' | 'returned'; forecasts: number; batches: number };
