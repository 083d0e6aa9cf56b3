/** The head of a journal. Read only: `db/ledger/post.ts` posts. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { id, insertedAt } from './columns.ts';

const LedgerJournalSchema = defineEntity({
  name: 'LedgerJournal',
  tableName: 'ledger_journal',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    key: p.text(),
    kind: p.text(),
    contentHash: p.blob(),
    externalRef: p.text().nullable(),
    orderId: id('order').nullable(),
    escrowId: id('escrow').nullable(),
    memo: p.json<Record<string, string | number>>(),
    lineCount: p.integer(),
    xid: p.text().columnType('xid8').defaultRaw('pg_current_xact_id()'),
    postedAt: insertedAt(),
  },
});

/** A row of `ledger_journal`. */
export class LedgerJournal extends LedgerJournalSchema.class {}
LedgerJournalSchema.setClass(LedgerJournal);
