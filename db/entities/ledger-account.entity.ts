/** A ledger account. Read only: Postgres opens it on first use and derives what it is from its name. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { currency, insertedAt } from './columns.ts';

const LedgerAccountSchema = defineEntity({
  name: 'LedgerAccount',
  tableName: 'ledger_account',
  primaryKeys: ['name', 'currency'],
  properties: {
    name: p.text().primary(),
    currency: currency().primary(),
    kind: p.text().nullable(),
    /** Has a balance row of its own; otherwise its balance is a sum. */
    tracked: p.boolean(),
    minMinor: p.bigint('number').nullable(),
    openedAt: insertedAt(),
  },
});

/** A row of `ledger_account`. */
export class LedgerAccount extends LedgerAccountSchema.class {}
LedgerAccountSchema.setClass(LedgerAccount);
