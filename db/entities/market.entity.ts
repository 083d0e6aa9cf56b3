/** A prediction market as people find and read it; its workflow writes it. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import {
  type Challenge,
  MARKET_CATEGORIES,
  MARKET_NEXT_ACTIONS,
  MARKET_STATUSES,
  type Proposal,
} from '../../domain/markets/market.ts';
import type { PayoutRule } from '../../domain/markets/settlement.ts';
import type { MarketPolicy } from '../../domain/policy/policy.ts';
import { Channel } from './channel.entity.ts';
import { changedAt, id, insertedAt, instant, minor } from './columns.ts';
import { UserAccount } from './user-account.entity.ts';

const MarketSchema = defineEntity({
  name: 'Market',
  tableName: 'market',
  properties: {
    id: id('market').primary(),
    slug: p.text(),
    channelId: () => p.manyToOne(Channel).mapToPk().joinColumn('channel_id'),
    title: p.text(),
    description: p.text().default(''),
    category: p.enum(MARKET_CATEGORIES),
    metadata: p.json<Record<string, unknown>>().default('{}'),
    status: p.enum(MARKET_STATUSES).default('open'),
    createdBy: () => p.manyToOne(UserAccount).mapToPk().joinColumn('created_by'),
    closesAt: instant(),
    maxPointsPerUser: minor(),
    /** The rules it was created under. */
    policy: p.json<MarketPolicy>(),
    policyVersion: p.integer(),
    requestHash: p.text(),
    /** All stakes; written when forecasts are placed. */
    poolPoints: minor().default(0),
    forecasts: p.integer().default(0),
    proposal: p.json<Proposal>().nullable(),
    challenge: p.json<Challenge>().nullable(),
    cancelReason: p.text().nullable(),
    nextActionKind: p.enum(MARKET_NEXT_ACTIONS).default('close'),
    nextActionAt: instant().nullable(),
    /** How each winner's share follows from their points; null until the outcome is fixed. */
    payout: p.json<PayoutRule>().nullable(),
    /** The last forecast, by `seq`, that is settled. */
    settledThrough: p.bigint('number').default(0),
    batches: p.integer().default(0),
    version: p.integer().default(1),
    createdAt: insertedAt(),
    closedAt: instant().nullable(),
    decidedAt: instant().nullable(),
    settledAt: instant().nullable(),
    updatedAt: changedAt(),
  },
});

/** A row of `market`. */
export class Market extends MarketSchema.class {}
MarketSchema.setClass(Market);
