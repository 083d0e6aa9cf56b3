/** Chargebacks of money that was paid out: the ladder, rung by rung, and the debts it leaves. */

import { describe, expect, it } from '@jest/globals';
import { Chargeback } from '../../db/entities/chargeback.entity.ts';
import { ClawBack } from '../../db/entities/claw-back.entity.ts';
import { DomainEvent } from '../../db/entities/domain-event.entity.ts';
import { owedBy } from '../../db/ledger/receivables.ts';
import { newId } from '../../db/new-id.ts';
import { writeOff } from '../../db/repositories/write-offs.ts';
import { receivableAccount } from '../../domain/accounts.ts';
import {
  accountOf,
  at,
  emptyWallet,
  type Hold,
  held,
  keysOf,
  linesOf,
  lose,
  market,
  opened,
  paidOut,
  release,
  sellersBalance,
  useMarketplace,
  walletWith,
} from './support/chargebacks.ts';

useMarketplace();

describe('chargebacks after the payout', () => {
  it('take the payout back as far as the seller’s account has it, and the rest is owed', async () => {
    const hold = await paidOut();
    const { chargebackId } = await opened(hold, 12_100);
    const walletMinor = await sellersBalance(hold.sellerId, 'EUR');
    const owedBefore = await sellersBalance(hold.sellerId, 'EUR', receivableAccount);
    const [taken] = await lose(chargebackId);
    const reversedMinor = 9_500;
    const fromWallet = Math.min(walletMinor, 2_600);
    expect(taken).toEqual({ reversedMinor, walletMinor: fromWallet, owedMinor: 2_600 - fromWallet });
    expect(await sellersBalance(hold.sellerId, 'EUR')).toBe(walletMinor - fromWallet);
    expect(await sellersBalance(hold.sellerId, 'EUR', receivableAccount)).toBe(owedBefore - 2_600 + fromWallet);
    expect(market.simulator.control.balances('platform').get('eur')).toBeDefined();
  });

  it('climb the whole ladder: part of the payout, the wallet, a debt', async () => {
    const hold = await paidOut();
    const { sellerId } = hold;
    const account = await accountOf(hold);
    market.simulator.control.emptyConnectedAccount(account);
    market.simulator.control.addBalance({ account, currency: 'eur', amount: 4_000 });
    await walletWith(sellerId, 'EUR', 1_500);
    const { chargebackId } = await opened(hold, 12_100);
    const [taken] = await lose(chargebackId);
    expect(taken).toEqual({ reversedMinor: 4_000, walletMinor: 1_500, owedMinor: 6_600 });
    expect(await linesOf(`escrow/${hold.escrowId}:clawed-back:${chargebackId}`)).toEqual({
      [`wallet:${sellerId}`]: -5_500,
      [`receivable:${sellerId}`]: -6_600,
      'world:stripe': 12_100,
    });
    expect(await sellersBalance(sellerId, 'EUR')).toBe(0);
    const facts = await market.orm.em
      .fork()
      .find(DomainEvent, { subjectId: chargebackId }, { orderBy: { seq: 'asc' } });
    expect(facts.map(({ type }) => type)).toEqual([
      'chargeback.opened',
      'chargeback.lost',
      'claw_back.reversed',
      'claw_back.taken',
      'claw_back.owed',
    ]);
  });

  it('leave all of it owed where the account and the wallet are empty', async () => {
    const hold = await paidOut();
    market.simulator.control.emptyConnectedAccount(await accountOf(hold));
    const { chargebackId } = await opened(hold, 5_000);
    expect(await lose(chargebackId)).toEqual([{ reversedMinor: 0, walletMinor: 0, owedMinor: 5_000 }]);
  });

  it('go on without a reversal that is refused when it is tried', async () => {
    const hold = await paidOut();
    const { chargebackId } = await opened(hold, 5_000);
    const { escrowId } = hold;
    await market.records.closeChargeback({ chargebackId, status: 'lost', at: at() });
    await market.records.claimReleased({ chargebackId, at: at() });
    market.simulator.control.failNext({ path: '/reversals', method: 'POST', when: 'before', action: 'rate_limit' });
    const tried = market.atProvider.reverseTransfers({ chargebackId, escrowId });
    await expect(tried).rejects.toMatchObject({ type: 'payment_provider_unavailable', nonRetryable: false });
    market.simulator.control.emptyConnectedAccount(await accountOf(hold));
    expect(await market.atProvider.reverseTransfers({ chargebackId, escrowId })).toEqual({ reversedMinor: 0 });
    const walletMinor = Math.min(5_000, await sellersBalance(hold.sellerId, 'EUR'));
    const taken = await market.records.takeBack({ chargebackId, escrowId, at: at() });
    expect(taken).toEqual({ reversedMinor: 0, walletMinor, owedMinor: 5_000 - walletMinor });
  });

  it('find a reversal whose answer was lost, and never reverse twice', async () => {
    const hold = await paidOut();
    const { chargebackId } = await opened(hold, 5_000);
    const { escrowId } = hold;
    await market.records.closeChargeback({ chargebackId, status: 'lost', at: at() });
    await market.records.claimReleased({ chargebackId, at: at() });
    market.simulator.control.failNext({ path: '/reversals', method: 'POST', when: 'after', action: 'error' });
    const reverse = () => market.atProvider.reverseTransfers({ chargebackId, escrowId });
    await reverse().catch(() => null);
    expect(await reverse()).toEqual({ reversedMinor: 5_000 });
    expect(await market.records.takeBack({ chargebackId, escrowId, at: at() })).toMatchObject({
      reversedMinor: 5_000,
    });
  });

  it('book each step once, however often and by however many it is carried out', async () => {
    const hold = await paidOut();
    const { orderId, escrowId } = hold;
    const { chargebackId, input, stored } = await opened(hold, 6_000);
    const fee = { chargebackId, feeMinor: 1_500 };
    expect(await market.records.openChargeback(input)).toEqual(stored);
    const thrice = <T>(step: () => Promise<T>) => Promise.all([step(), step(), step()]);
    await thrice(() => market.records.noteChargebackFee(fee));
    await thrice(() => market.records.closeChargeback({ chargebackId, status: 'lost', at: at() }));
    const claims = await thrice(() => market.records.claimReleased({ chargebackId, at: at() }));
    expect(claims).toEqual([1, 2, 3].map(() => [{ escrowId, amountMinor: 6_000 }]));
    const reverse = () => market.atProvider.reverseTransfers({ chargebackId, escrowId });
    await thrice(() => reverse().catch(() => null));
    expect(await reverse()).toEqual({ reversedMinor: 6_000 });
    const taken = await thrice(() => market.records.takeBack({ chargebackId, escrowId, at: at() }));
    expect(taken).toEqual([1, 2, 3].map(() => ({ reversedMinor: 6_000, walletMinor: 0, owedMinor: 0 })));
    expect(await reverse()).toEqual({ reversedMinor: 6_000 });
    const keys = (await keysOf(orderId)).filter((key) => /chargeback|claw|reversed/.test(key));
    expect(keys).toEqual([
      `escrow/${escrowId}:chargeback-fee:${chargebackId}`,
      expect.stringContaining(`escrow/${escrowId}:transfer-reversed:trr_`),
      `escrow/${escrowId}:clawed-back:${chargebackId}`,
    ]);
    await market.records.noteChargebackFee({ chargebackId, feeMinor: 3_000 });
    expect(await linesOf(`escrow/${escrowId}:chargeback-fee:${chargebackId}:3000`)).toEqual({
      'expense:psp_fees': -1_500,
      'world:stripe': 1_500,
    });
  });

  it('that come twice for one order never claim more than was released', async () => {
    const hold = await paidOut();
    const first = await opened(hold, 8_000);
    const second = await opened(hold, 8_000);
    expect(second.stored.shares).toEqual([{ escrowId: hold.escrowId, amountMinor: 4_100, heldMinor: 0 }]);
    await Promise.all([lose(first.chargebackId), lose(second.chargebackId)]);
    const em = market.orm.em.fork();
    const claims = await em.find(ClawBack, { escrowId: hold.escrowId });
    expect(claims.map(({ amountMinor }) => amountMinor).toSorted((a, b) => a - b)).toEqual([4_100, 8_000]);
    expect(await em.findOneOrFail(Chargeback, { id: second.chargebackId })).toMatchObject({ absorbedMinor: 3_900 });
  });
});

describe('a debt', () => {
  it('is given up by an admin with a reason, oldest first, once per request, and never beyond what is owed', async () => {
    const holds = [await paidOut(), await paidOut()];
    const { sellerId } = holds[0] as Hold;
    market.simulator.control.emptyConnectedAccount(await accountOf(holds[0] as Hold));
    await emptyWallet(sellerId);
    for (const hold of holds) await lose((await opened(hold, 1_000)).chargebackId);
    const em = market.orm.em.fork();
    const request = { adminId: market.buyerId, sellerId, currency: 'EUR', reason: 'the shop is gone' } as const;
    const first = { ...request, id: newId('event'), amountMinor: 1_200 };
    const answers = await Promise.all([1, 2, 3].map(() => writeOff(em, first)));
    expect(answers).toEqual([1, 2, 3].map(() => ({ owedMinor: 800 })));
    const written = async ({ escrowId }: Hold) =>
      (await market.orm.em.fork().findOneOrFail(ClawBack, { escrowId })).writtenOffMinor;
    expect(await Promise.all(holds.map(written))).toEqual([1_000, 200]);
    expect(await writeOff(em, { ...request, id: newId('event'), amountMinor: 801 })).toMatchObject({
      refused: { code: 'amount_out_of_range' },
    });
    expect(await writeOff(em, { ...request, id: newId('event'), amountMinor: 1, reason: ' ' })).toMatchObject({
      refused: { code: 'reason_required' },
    });
    const told = await em.find(DomainEvent, { type: 'claw_back.written_off', escrowId: holds[1]?.escrowId });
    expect(told).toMatchObject([{ actorId: market.buyerId, data: { amountMinor: 200, reason: 'the shop is gone' } }]);
  });

  it('is paid by the next release before its seller is', async () => {
    const hold = await paidOut();
    const { sellerId } = hold;
    market.simulator.control.emptyConnectedAccount(await accountOf(hold));
    await emptyWallet(sellerId);
    await lose((await opened(hold, 3_000)).chargebackId);
    const next = await held('fliiply');
    await release(next);
    expect(await owedBy(market.orm.em.fork(), sellerId, 'EUR')).toBe(0);
    expect(await market.atProvider.payOut({ escrowId: next.escrowId })).toEqual({ status: 'paid' });
    expect(await sellersBalance(sellerId, 'EUR')).toBe(0);
  });
});
