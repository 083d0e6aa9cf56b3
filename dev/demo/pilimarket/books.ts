/** The journals of a purchase or a market as the ledger has them, summed by kind: stakes are gathered as they come. */

import { LedgerJournal } from '../../../db/entities/ledger-journal.entity.ts';
import { LedgerPosting } from '../../../db/entities/ledger-posting.entity.ts';
import type { EntityManager } from '../../../db/orm.ts';
import { chipsMarketAccount } from '../../../domain/accounts.ts';
import type { MarketId, PurchaseId } from '../../../domain/ids.ts';

/** Minor units (or chips) by account, summed over the journals of one kind; `chips:wallet` is everybody's together. */
export type Sums = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Everything that moved for this purchase. */
export async function sumsOfPurchase(em: EntityManager, id: PurchaseId): Promise<Sums> {
  const fork = em.fork();
  return sumsOf(fork, await fork.find(LedgerJournal, { key: { $like: `purchase/${id}:%` } }));
}

/** Everything that moved into this market's pool and out of it. */
export async function sumsOfMarket(em: EntityManager, id: MarketId): Promise<Sums> {
  const fork = em.fork();
  const touched = await fork.find(LedgerPosting, { account: chipsMarketAccount(id) });
  return sumsOf(fork, await fork.find(LedgerJournal, { id: { $in: touched.map(({ journalId }) => journalId) } }));
}

async function sumsOf(em: EntityManager, journals: LedgerJournal[]): Promise<Sums> {
  const lines = await em.find(LedgerPosting, { journalId: { $in: journals.map(({ id }) => id) } });
  const kinds = new Map(journals.map(({ id, kind }) => [id, kind]));
  const sums: Record<string, Record<string, number>> = {};
  for (const { journalId, account, amountMinor } of lines) {
    const kind = kinds.get(journalId) ?? '';
    const ofKind = (sums[kind] ??= {});
    const name = account.replace(/^(chips:(?:wallet|market)):.*$/, '$1');
    ofKind[name] = (ofKind[name] ?? 0) + amountMinor;
  }
  return sums;
}

/** `chips:market −100, chips:wallet +100` */
export function describeSums(lines: Sums[string]): string {
  return Object.entries(lines)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([account, amount]) => `${account} ${amount < 0 ? '−' : '+'}${Math.abs(amount)}`)
    .join(', ');
}
