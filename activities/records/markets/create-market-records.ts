/** The records of markets, each in one transaction of its own. */

import type { ActivityDependencies } from '../../dependencies.ts';
import { inTransaction } from '../in-transaction.ts';
import { changeMarket } from './change-market.ts';
import { createMarket } from './create-market.ts';
import type { MarketRecords } from './market-records.ts';

export function createMarketRecords({ orm, timeScale }: ActivityDependencies): MarketRecords {
  return {
    createMarket: (input) => inTransaction(orm, (em) => createMarket(em, input, timeScale)),
    changeMarket: (change) => inTransaction(orm, (em) => changeMarket(em, change)),
  };
}
