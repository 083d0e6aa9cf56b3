/** One line of a journal. Read only. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { currency, minor } from './columns.ts';

const LedgerPostingSchema = defineEntity({
  name: 'LedgerPosting',
  tableName: 'ledger_posting',
  primaryKeys: ['journalId', 'lineNo'],
  properties: {
    journalId: p.bigint('number').primary(),
    lineNo: p.integer().primary(),
    account: p.text(),
    currency: currency(),
    amountMinor: minor(),
    xid: p.text().columnType('xid8').defaultRaw('pg_current_xact_id()'),
    tracked: p.boolean(),
  },
});

/** A row of `ledger_posting`. */
export class LedgerPosting extends LedgerPostingSchema.class {}
LedgerPostingSchema.setClass(LedgerPosting);
