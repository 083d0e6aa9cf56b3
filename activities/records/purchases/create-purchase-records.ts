/** The records of purchases, each in one transaction of its own. */

import type { ActivityDependencies } from '../../dependencies.ts';
import { inTransaction } from '../in-transaction.ts';
import { beginPurchase } from './begin-purchase.ts';
import { completePurchase } from './complete-purchase.ts';
import { declinePurchase, failPurchase } from './fail-purchase.ts';
import type { PurchaseRecords } from './purchase-records.ts';

export function createPurchaseRecords({ orm, providers, timeScale }: ActivityDependencies): PurchaseRecords {
  return {
    beginPurchase: (input) =>
      inTransaction(orm, (em) => beginPurchase(em, input, { offered: providers.names, timeScale })),
    completePurchase: (input) => inTransaction(orm, (em) => completePurchase(em, input)),
    declinePurchase: (input) => inTransaction(orm, (em) => declinePurchase(em, input)),
    failPurchase: (input) => inTransaction(orm, (em) => failPurchase(em, input)),
  };
}
