/** A user's wallet, read from the ledger. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { Currency } from '../../domain/currencies.ts';
import type { EscrowId, OrderId, UserId } from '../../domain/ids.ts';
import type { Money } from '../../domain/money.ts';

/** What the wallet holds, per currency. */
export async function walletBalances(em: EntityManager, userId: UserId): Promise<Money[]> {
  const rows = await em.execute<{ currency: Currency; balance_minor: string }[]>(
    `select currency, balance_minor from ledger_balance where account = ? order by currency`,
    [`wallet:${userId}`],
  );
  return rows.map((row) => ({ amountMinor: Number(row.balance_minor), currency: row.currency }));
}

export type WalletEntry = {
  /** Position in the ledger: larger is later. */
  id: number;
  kind: string;
  amountMinor: number;
  currency: Currency;
  orderId: OrderId | null;
  escrowId: EscrowId | null;
  postedAt: Date;
};

/** The lines on the wallet before `beforeId` (null: from the newest), newest first. */
export async function listWalletEntries(
  em: EntityManager,
  userId: UserId,
  { beforeId, limit }: { beforeId: number | null; limit: number },
): Promise<WalletEntry[]> {
  const rows = await em.execute<
    {
      id: string;
      kind: string;
      amount_minor: string;
      currency: Currency;
      order_id: OrderId | null;
      escrow_id: EscrowId | null;
      posted_at: Date;
    }[]
  >(
    `select j.id, j.kind, sum(p.amount_minor) as amount_minor, p.currency, j.order_id, j.escrow_id, j.posted_at
     from ledger_posting p join ledger_journal j on j.id = p.journal_id
     where p.account = ? and (?::bigint is null or j.id < ?::bigint)
     group by j.id, p.currency order by j.id desc, p.currency limit ?`,
    [`wallet:${userId}`, beforeId, beforeId, limit],
  );
  return rows.map((row) => ({
    id: Number(row.id),
    kind: row.kind,
    amountMinor: Number(row.amount_minor),
    currency: row.currency,
    orderId: row.order_id,
    escrowId: row.escrow_id,
    postedAt: new Date(row.posted_at),
  }));
}
