/** The final word on a market; Postgres refuses to change it. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { id, instant } from './columns.ts';
import { Market } from './market.entity.ts';

const MarketResolutionSchema = defineEntity({
  name: 'MarketResolution',
  tableName: 'market_resolution',
  properties: {
    marketId: () => p.manyToOne(Market).mapToPk().joinColumn('market_id').primary(),
    outcomeId: id('outcome'),
    proposedBy: id('user'),
    decidedBy: id('user').nullable(),
    evidenceUrls: p.array().columnType('text[]'),
    note: p.text(),
    resolvedAt: instant(),
  },
});

/** A row of `market_resolution`. */
export class MarketResolution extends MarketResolutionSchema.class {}
MarketResolutionSchema.setClass(MarketResolution);
