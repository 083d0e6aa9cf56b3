/** What tests of chargebacks act on: holds that are held or paid out, banks that open and win, sellers' wallets. */

import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { StoredEscrow } from '../../../activities/records/escrow-records.ts';
import { ClawBack } from '../../../db/entities/claw-back.entity.ts';
import { LedgerJournal } from '../../../db/entities/ledger-journal.entity.ts';
import { LedgerPosting } from '../../../db/entities/ledger-posting.entity.ts';
import type { Payment } from '../../../db/entities/payment.entity.ts';
import { auditLedger } from '../../../db/ledger/audit.ts';
import { balanceOf } from '../../../db/ledger/balances.ts';
import { postJournals } from '../../../db/ledger/post.ts';
import { owedBy } from '../../../db/ledger/receivables.ts';
import { newId } from '../../../db/new-id.ts';
import { writeOff } from '../../../db/repositories/write-offs.ts';
import { walletAccount } from '../../../domain/accounts.ts';
import type { Currency } from '../../../domain/currencies.ts';
import type { EscrowId, OrderId, UserId } from '../../../domain/ids.ts';
import type { PresetName } from '../../../domain/policy/policy.ts';
import { payoutStarted, walletDeposited } from '../../../domain/postings.ts';
import { listGoods, type Marketplace, openMarketplace, orderOf, paidOrder } from './shop.ts';

export const DAY_MS = 86_400_000;
export const ADMIN = { role: 'admin', id: 'usr_admin' } as const;
export const at = (): string => new Date().toISOString();

export type Hold = { escrowId: EscrowId; orderId: OrderId; sellerId: UserId };

/** Open from `useMarketplace` on. */
export let market: Marketplace;

/** One marketplace for the file; its books must be in order at the end. Unless debts are kept, no test begins with one. */
export function useMarketplace({ keepDebts = false } = {}): void {
  beforeAll(async () => {
    market = await openMarketplace();
  });
  afterEach(async () => {
    if (keepDebts) return;
    const em = market.orm.em.fork();
    for (const { sellerId, currency } of await em.find(ClawBack, { owedMinor: { $gt: 0 } })) {
      const amountMinor = await owedBy(em, sellerId, currency);
      const adminId = market.buyerId;
      const request = { id: newId('event'), adminId, sellerId, currency, amountMinor, reason: 'end of the test' };
      if (amountMinor > 0) await writeOff(em, request);
    }
  });
  afterAll(async () => {
    const audit = await auditLedger(market.orm.em.fork());
    await market.close();
    expect(audit.findings.filter((finding) => finding.violations > 0)).toEqual([]);
  });
}

export const held = async (preset: PresetName = 'multi-vendor', lines = 1) => {
  const listed = await Promise.all(Array.from({ length: lines }, () => listGoods(market, { preset })));
  const input = orderOf(
    market,
    listed.map((listingId) => ({ listingId, quantity: 1 })),
  );
  const { placed, payment } = await paidOrder(market, input);
  const [vendorOrder] = placed.vendorOrders;
  if (!vendorOrder) throw new Error('an order has a vendor order');
  return { ...vendorOrder, orderId: input.orderId, payment };
};

export const write = (hold: Hold, version: number) => ({
  escrowId: hold.escrowId,
  orderId: hold.orderId,
  version,
  actor: ADMIN,
  reason: 'test',
  at: at(),
});
export const release = (hold: Hold): Promise<StoredEscrow> => market.records.releaseHold(write(hold, 2));

/** Released, and in the seller's own account at the provider since some days. */
export const paidOut = async () => {
  const hold = await held('fliiply');
  await release(hold);
  expect(await market.atProvider.payOut({ escrowId: hold.escrowId })).toEqual({ status: 'paid' });
  market.simulator.control.advanceClock(3 * DAY_MS);
  return hold;
};

export const dispute = (hold: { payment: { providerObjectId?: string | null } }, amount?: number) =>
  market.simulator.control.openDispute({ paymentIntent: hold.payment.providerObjectId ?? '', amount });

export const opened = async (hold: Hold & { payment: Payment }, amountMinor: number) => {
  const { id: chargebackId } = dispute(hold, amountMinor);
  const { orderId, payment } = hold;
  const facts = { chargebackId, orderId, paymentId: payment.id, currency: payment.currency, reason: 'fraudulent' };
  const input = { ...facts, amountMinor, evidenceDueBy: at(), at: at() };
  return { chargebackId, input, stored: await market.records.openChargeback(input) };
};

export const lose = async (chargebackId: string) => {
  await market.records.closeChargeback({ chargebackId, status: 'lost', at: at() });
  const claims = await market.records.claimReleased({ chargebackId, at: at() });
  const ladder = async ({ escrowId }: { escrowId: EscrowId }) => {
    await market.atProvider.reverseTransfers({ chargebackId, escrowId });
    return market.records.takeBack({ chargebackId, escrowId, at: at() });
  };
  const taken = [];
  for (const claim of claims) taken.push(await ladder(claim));
  await market.records.settleChargeback({ chargebackId, at: at() });
  return taken;
};

export const sellersBalance = (sellerId: UserId, currency: Currency, account = walletAccount) =>
  balanceOf(market.orm.em.fork(), account(sellerId), currency);

/** The test's own money in a seller's wallet, or out of it: exactly this much is there afterwards. */
export const walletWith = async (userId: UserId, currency: Currency, amountMinor: number) => {
  const missingMinor = amountMinor - (await sellersBalance(userId, currency));
  if (missingMinor < 0) throw new Error('tests here only fill wallets');
  if (missingMinor === 0) return;
  const paymentId = newId('payment');
  const deposit = { paymentId, userId, currency, amountMinor: missingMinor, externalRef: `ch_${paymentId}` };
  await postJournals(market.orm.em.fork(), [walletDeposited({ ...deposit, provider: 'stripe' })]);
};

export const emptyWallet = async (userId: UserId) => {
  const amountMinor = await sellersBalance(userId, 'EUR');
  const payout = { payoutId: newId('payout'), userId, currency: 'EUR', amountMinor } as const;
  if (amountMinor === 0) return;
  await postJournals(market.orm.em.fork(), [payoutStarted(payout)]);
};

export const linesOf = async (key: string) => {
  const em = market.orm.em.fork();
  const journal = await em.findOneOrFail(LedgerJournal, { key });
  const lines = await em.find(LedgerPosting, { journalId: journal.id });
  return Object.fromEntries(lines.map((line) => [line.account, line.amountMinor]));
};

export const keysOf = async (orderId: OrderId) => {
  const journals = await market.orm.em.fork().find(LedgerJournal, { orderId }, { orderBy: { id: 'asc' } });
  return journals.map(({ key }) => key);
};

/** The seller's account at the provider that this hold was paid out to. */
export const accountOf = async ({ escrowId }: Hold): Promise<string> => {
  const created = market.simulator.control
    .events()
    .findLast((event) => event.type === 'transfer.created' && JSON.stringify(event).includes(escrowId));
  const { destination } = JSON.parse(JSON.stringify(created?.data.object)) as { destination: string };
  return destination;
};
