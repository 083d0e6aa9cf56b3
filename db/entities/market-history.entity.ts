/** What an outcome had by the end of a minute: the chart of its probability. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { instant, minor } from './columns.ts';
import { Market } from './market.entity.ts';
import { MarketOutcome } from './market-outcome.entity.ts';

const MarketHistorySchema = defineEntity({
  name: 'MarketHistory',
  tableName: 'market_history',
  primaryKeys: ['marketId', 'minute', 'outcomeId'],
  properties: {
    marketId: () => p.manyToOne(Market).primary().mapToPk().joinColumn('market_id'),
    minute: instant().primary(),
    outcomeId: () => p.manyToOne(MarketOutcome).primary().mapToPk().joinColumn('outcome_id'),
    totalPoints: minor(),
  },
});

/** A row of `market_history`. */
export class MarketHistory extends MarketHistorySchema.class {}
MarketHistorySchema.setClass(MarketHistory);
