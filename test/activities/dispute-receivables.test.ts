/** Releases to a seller who owes: the debt is paid first, once, and less is paid out. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditLedger } from '../../db/ledger/audit.ts';
import { balanceOf } from '../../db/ledger/balances.ts';
import { postJournals } from '../../db/ledger/post.ts';
import { owedBy } from '../../db/ledger/receivables.ts';
import { walletAccount } from '../../domain/accounts.ts';
import { clawedBack } from '../../domain/postings.ts';
import { ContestedHold } from './support/contested.ts';
import { type Marketplace, openMarketplace } from './support/shop.ts';

let market: Marketplace;
beforeAll(async () => {
  market = await openMarketplace();
});
afterAll(async () => {
  const audit = await auditLedger(market.orm.em.fork());
  await market.close();
  expect(audit.findings.filter((finding) => finding.violations > 0)).toEqual([]);
});

const fliiply = { preset: 'fliiply', lines: [{ priceMinor: 10_000, quantity: 2 }] } as const;

/** The seller of this hold owes this much, from a claw-back that found nothing. */
async function owe({ escrowId, orderId, sellerId }: ContestedHold, amountMinor: number): Promise<void> {
  const claim = {
    escrowId,
    orderId,
    provider: 'stripe',
    currency: 'EUR',
    amountMinor,
    reference: `re_${escrowId}`,
  } as const;
  await postJournals(market.orm.em.fork(), [clawedBack({ ...claim, sellerId, walletBalanceMinor: 0 })]);
}

const owed = ({ sellerId }: ContestedHold) => owedBy(market.orm.em.fork(), sellerId, 'EUR');
const wallet = ({ sellerId }: ContestedHold) => balanceOf(market.orm.em.fork(), walletAccount(sellerId), 'EUR');
const transferred = ({ orderId }: ContestedHold): number[] =>
  market.simulator.control
    .events()
    .filter((event) => event.type === 'transfer.created' && JSON.stringify(event).includes(orderId))
    .map((event) => (JSON.parse(JSON.stringify(event.data.object)) as { amount: number }).amount);

describe('a seller who owes', () => {
  it('is paid out what a release leaves after the debt', async () => {
    const hold = await ContestedHold.open(market, fliiply);
    await owe(hold, 4_000);
    await hold.release();
    const { escrowId } = hold;
    expect(await owed(hold)).toBe(0);
    expect(await hold.journal(`escrow/${escrowId}:receivable-settled`)).toEqual({
      [`wallet:${hold.sellerId}`]: -4_000,
      [`receivable:${hold.sellerId}`]: 4_000,
    });
    await market.atProvider.payOut({ escrowId });
    expect(transferred(hold)).toEqual([15_000]);
    expect(await wallet(hold)).toBe(0);
  });

  it('pays with the seller’s share of a settled part too, and gets nothing where the debt is larger', async () => {
    const hold = await ContestedHold.open(market, fliiply);
    const dispute = await hold.opened([[0, 1]]);
    await owe(hold, 20_000);
    await hold.settle(dispute, 0);
    expect(await owed(hold)).toBe(20_000 - 9_500);
    const { escrowId } = hold;
    const { disputeId } = dispute;
    expect(await market.atProvider.payOut({ escrowId, disputeId })).toEqual({ status: 'paid' });
    expect(transferred(hold)).toEqual([]);
    await hold.release();
    expect(await owed(hold)).toBe(1_000);
    const last = await ContestedHold.open(market, fliiply);
    await last.release();
    expect([await owed(last), await wallet(last)]).toEqual([0, 18_000]);
    await market.atProvider.payOut({ escrowId: last.escrowId });
  });

  it('pays a debt once when several holds are released at once', async () => {
    const holds = await Promise.all([1, 2, 3, 4].map(() => ContestedHold.open(market, fliiply)));
    const [first] = holds;
    if (!first) throw new Error('four holds');
    await owe(first, 30_000);
    await Promise.all(holds.map((hold) => hold.release()));
    expect(await owed(first)).toBe(0);
    expect(await wallet(first)).toBe(4 * 19_000 - 30_000);
    for (const { escrowId } of holds) await market.atProvider.payOut({ escrowId });
    expect(await wallet(first)).toBe(0);
  });

  it('is not paid out what a claw-back has taken from the wallet meanwhile', async () => {
    const hold = await ContestedHold.open(market, fliiply);
    await hold.release();
    const { escrowId, orderId, sellerId } = hold;
    const claim = {
      escrowId,
      orderId,
      provider: 'stripe',
      currency: 'EUR',
      amountMinor: 19_000,
      reference: 're_late',
    } as const;
    await postJournals(market.orm.em.fork(), [clawedBack({ ...claim, sellerId, walletBalanceMinor: 19_000 })]);
    expect(await market.atProvider.payOut({ escrowId })).toEqual({ status: 'in_wallet' });
    expect(transferred(hold)).toEqual([]);
  });
});
