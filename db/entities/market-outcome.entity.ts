/** One answer a market can have, with everything that is staked on it. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { id, minor } from './columns.ts';
import { Market } from './market.entity.ts';

const MarketOutcomeSchema = defineEntity({
  name: 'MarketOutcome',
  tableName: 'market_outcome',
  properties: {
    id: id('outcome').primary(),
    marketId: () => p.manyToOne(Market).mapToPk().joinColumn('market_id'),
    /** From 0, in the order the moderator gave. */
    position: p.integer(),
    name: p.text(),
    totalPoints: minor().default(0),
    forecasts: p.integer().default(0),
  },
});

/** A row of `market_outcome`. */
export class MarketOutcome extends MarketOutcomeSchema.class {}
MarketOutcomeSchema.setClass(MarketOutcome);
