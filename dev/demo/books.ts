/** The journals of one order as the ledger has them, to be printed and to be compared with what was expected. */

import { Dispute } from '../../db/entities/dispute.entity.ts';
import { LedgerJournal } from '../../db/entities/ledger-journal.entity.ts';
import { LedgerPosting } from '../../db/entities/ledger-posting.entity.ts';
import { derivedId } from '../../db/new-id.ts';
import type { EntityManager } from '../../db/orm.ts';
import { holdAccount, payoutAccount, receivableAccount, walletAccount } from '../../domain/accounts.ts';
import { type Currency, currencyInfo } from '../../domain/currencies.ts';
import type { JournalKind } from '../../domain/postings.ts';
import type { Order } from '../client/resources.ts';

/** A journal to be found: amounts in minor units by account, where people stand for ids (`hold:Ana`, `wallet:Ana`). */
export type ExpectedJournal = { kind: JournalKind; lines: Readonly<Record<string, number>> };

/** Every journal of the order and of the payouts of its releases, oldest first, with `nameOf` in place of user ids. */
export async function readJournals(
  em: EntityManager,
  { id: orderId, vendorOrders }: Pick<Order, 'id' | 'vendorOrders'>,
  nameOf: (userId: string) => string,
): Promise<ExpectedJournal[]> {
  const fork = em.fork();
  const disputes = await fork.find(Dispute, { orderId });
  const names = new Map<string, string>();
  const payouts: string[] = [];
  for (const { escrowId, vendorId } of vendorOrders) {
    const name = nameOf(vendorId);
    names.set(holdAccount(escrowId), `hold:${name}`);
    names.set(walletAccount(vendorId), `wallet:${name}`);
    names.set(receivableAccount(vendorId), `receivable:${name}`);
    // Every part that a dispute had frozen is paid out by itself.
    const ofHold = disputes.filter((dispute) => dispute.escrowId === escrowId);
    for (const released of [escrowId, ...ofHold.map(({ id }) => id)]) {
      const account = payoutAccount(derivedId('payout', released));
      names.set(account, `payout:${name}`);
      payouts.push(account);
    }
  }
  const ofPayouts = await fork.find(LedgerPosting, { account: { $in: payouts } });
  const journals = await fork.find(
    LedgerJournal,
    { $or: [{ orderId }, { id: { $in: ofPayouts.map(({ journalId }) => journalId) } }] },
    { orderBy: { id: 'asc' } },
  );
  const lines = await fork.find(LedgerPosting, { journalId: { $in: journals.map(({ id }) => id) } });
  return journals.map(({ id, kind }) => {
    const own = lines.filter(({ journalId }) => journalId === id);
    return {
      kind: kind as JournalKind,
      lines: Object.fromEntries(own.map(({ account, amountMinor }) => [names.get(account) ?? account, amountMinor])),
    };
  });
}

/** `hold_released: hold:Ana −60.00, revenue:commission +6.00, wallet:Ana +54.00`, in one order whatever comes in. */
export function describeJournal({ kind, lines }: ExpectedJournal, currency: Currency): string {
  const described = Object.entries(lines)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([account, amountMinor]) => `${account} ${signed(amountMinor, currency)}`);
  return `${kind}: ${described.join(', ')}`;
}

/** `121.00 EUR` */
export function inWords({ amountMinor, currency }: { amountMinor: number; currency: Currency }): string {
  return `${decimal(amountMinor, currency)} ${currency}`;
}

function signed(amountMinor: number, currency: Currency): string {
  return `${amountMinor < 0 ? '−' : '+'}${decimal(Math.abs(amountMinor), currency)}`;
}

function decimal(amountMinor: number, currency: Currency): string {
  const { exponent } = currencyInfo(currency);
  return (amountMinor / 10 ** exponent).toFixed(exponent);
}
