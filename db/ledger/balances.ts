/** Reading the ledger: what an account holds, and its lines. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { Currency } from '../../domain/currencies.ts';
import type { EscrowId, OrderId } from '../../domain/ids.ts';
import { assertMinor, type Money } from '../../domain/money.ts';
import type { JournalKind } from '../../domain/postings.ts';

/** What the account holds in each of its currencies, by currency; empty for an account that was never used. */
export async function balancesOf(em: EntityManager, account: string): Promise<Money[]> {
  const rows = await em.execute<{ currency: Currency; balance_minor: string }[]>(
    'select currency, balance_minor from ledger_account_balance where account = ? order by currency',
    [account],
  );
  return rows.map((row) => ({ amountMinor: assertMinor(Number(row.balance_minor)), currency: row.currency }));
}

/** What the account holds in this currency; 0 for an account that was never used. */
export async function balanceOf(em: EntityManager, account: string, currency: Currency): Promise<number> {
  const balances = await balancesOf(em, account);
  return balances.find((balance) => balance.currency === currency)?.amountMinor ?? 0;
}

/** What one journal did to an account. `id` is the journal's place in the ledger: larger is later. */
export type AccountEntry = {
  id: number;
  kind: JournalKind;
  amountMinor: number;
  currency: Currency;
  orderId: OrderId | null;
  escrowId: EscrowId | null;
  postedAt: Date;
};

type EntryRow = {
  id: string;
  kind: JournalKind;
  amount_minor: string;
  currency: Currency;
  order_id: OrderId | null;
  escrow_id: EscrowId | null;
  posted_at: Date;
};

/**
 * Entries of accounts with a balance row of their own (wallets, holds ...) before `beforeId` (null: from the newest),
 * newest first. A journal in two currencies gives an entry for each; a page never ends between them.
 */
export async function listEntries(
  em: EntityManager,
  accounts: readonly string[],
  { beforeId, limit }: { beforeId: number | null; limit: number },
): Promise<AccountEntry[]> {
  const rows = await em.execute<EntryRow[]>(
    `select j.id, j.kind, e.amount_minor, e.currency, j.order_id, j.escrow_id, j.posted_at
     from (
       select journal_id, currency, sum(amount_minor) as amount_minor
       from ledger_posting
       where account in (${accounts.map(() => '?').join()}) and tracked and (?::bigint is null or journal_id < ?::bigint)
       group by journal_id, currency
       order by journal_id desc
       fetch first ? rows with ties
     ) e
     join ledger_journal j on j.id = e.journal_id
     order by j.id desc, e.currency`,
    [...accounts, beforeId, beforeId, limit],
  );
  return rows.map((row) => ({
    id: Number(row.id),
    kind: row.kind,
    amountMinor: assertMinor(Number(row.amount_minor)),
    currency: row.currency,
    orderId: row.order_id,
    escrowId: row.escrow_id,
    postedAt: new Date(row.posted_at),
  }));
}
