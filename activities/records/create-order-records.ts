/** The records of orders, each in one transaction of its own. */

import type { ActivityDependencies } from '../dependencies.ts';
import { closeUnpaid } from './close-unpaid.ts';
import { inTransaction } from './in-transaction.ts';
import { markPaid } from './mark-paid.ts';
import type { OrderRecords } from './order-records.ts';
import { placeOrder } from './place-order.ts';
import { recordDecline } from './record-decline.ts';

export function createOrderRecords({ orm, providers, timeScale }: ActivityDependencies): OrderRecords {
  return {
    placeOrder: (input) => inTransaction(orm, (em) => placeOrder(em, input, { offered: providers.names, timeScale })),
    markPaid: (input) => inTransaction(orm, (em) => markPaid(em, input)),
    closeUnpaid: (input) => inTransaction(orm, (em) => closeUnpaid(em, input)),
    recordDecline: (input) => inTransaction(orm, (em) => recordDecline(em, input)),
  };
}
