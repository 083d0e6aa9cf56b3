/** A market that waits for a moderator: for what, since when, and whether for this one. */

import { z } from '@hono/zod-openapi';
import { MARKET_NEEDS, type MarketRows } from '../../db/repositories/markets.ts';
import type { UserId } from '../../domain/ids.ts';
import { InstantSchema } from '../schemas/values.ts';
import { MarketSchema, toMarket } from './market.ts';

export const QueuedMarketSchema = MarketSchema.extend({
  needs: z.enum(MARKET_NEEDS),
  waitingSince: InstantSchema,
  /** The time was up once: left alone until `next.at`, the market is cancelled. */
  alerted: z.boolean(),
  /** False for who has a forecast on it, and for who proposed what is to be decided. */
  youMayAct: z.boolean(),
}).openapi('QueuedMarket');

type Moderator = { id: UserId; forecaster: boolean };

export function toQueuedMarket(rows: MarketRows, { id, forecaster }: Moderator): z.infer<typeof QueuedMarketSchema> {
  const { status, proposal, nextActionKind } = rows.market;
  const isProposer = status === 'challenged' && proposal?.proposedBy === id;
  const alerted = nextActionKind === 'cancel';
  return { ...toMarket(rows), ...waitingOf(rows), alerted, youMayAct: !forecaster && !isProposer };
}

function waitingOf({ market: { status, challenge, closedAt, closesAt } }: MarketRows) {
  if (status === 'challenged' && challenge) return { needs: 'decision' as const, waitingSince: challenge.challengedAt };
  return { needs: 'resolution' as const, waitingSince: (closedAt ?? closesAt).toISOString() };
}
