/** The sum of an untracked account's older lines. Read only: `ledger_roll_up()` writes it. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { currency, insertedAt, minor } from './columns.ts';

const LedgerRollupSchema = defineEntity({
  name: 'LedgerRollup',
  tableName: 'ledger_rollup',
  primaryKeys: ['account', 'currency'],
  properties: {
    account: p.text().primary(),
    currency: currency().primary(),
    balanceMinor: minor(),
    throughXid: p.text().columnType('xid8'),
    rolledAt: insertedAt(),
  },
});

/** A row of `ledger_rollup`. */
export class LedgerRollup extends LedgerRollupSchema.class {}
LedgerRollupSchema.setClass(LedgerRollup);
