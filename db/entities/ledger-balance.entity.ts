/** The running balance of a tracked account. Read only: Postgres moves it with the lines. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { currency, minor } from './columns.ts';

const LedgerBalanceSchema = defineEntity({
  name: 'LedgerBalance',
  tableName: 'ledger_balance',
  primaryKeys: ['account', 'currency'],
  properties: {
    account: p.text().primary(),
    currency: currency().primary(),
    minMinor: p.bigint('number').nullable(),
    balanceMinor: minor().default(0),
  },
});

/** A row of `ledger_balance`. */
export class LedgerBalance extends LedgerBalanceSchema.class {}
LedgerBalanceSchema.setClass(LedgerBalance);
