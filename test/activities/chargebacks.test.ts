/** Chargebacks on a real Postgres, against the simulator: who carries one, what is claimed back, what the bank is told. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { StoredEscrow } from '../../activities/records/escrow-records.ts';
import { Chargeback } from '../../db/entities/chargeback.entity.ts';
import { ClawBack } from '../../db/entities/claw-back.entity.ts';
import { DomainEvent } from '../../db/entities/domain-event.entity.ts';
import { Escrow } from '../../db/entities/escrow.entity.ts';
import { LedgerJournal } from '../../db/entities/ledger-journal.entity.ts';
import { LedgerPosting } from '../../db/entities/ledger-posting.entity.ts';
import { Payment } from '../../db/entities/payment.entity.ts';
import { auditLedger } from '../../db/ledger/audit.ts';
import { balanceOf } from '../../db/ledger/balances.ts';
import { postJournals } from '../../db/ledger/post.ts';
import { owedBy } from '../../db/ledger/receivables.ts';
import { newId } from '../../db/new-id.ts';
import { writeOff } from '../../db/repositories/write-offs.ts';
import { receivableAccount, walletAccount } from '../../domain/accounts.ts';
import type { Currency } from '../../domain/currencies.ts';
import type { EscrowId, OrderId, UserId } from '../../domain/ids.ts';
import type { PresetName } from '../../domain/policy/policy.ts';
import { payoutStarted, walletDeposited } from '../../domain/postings.ts';
import { ContestedHold } from './support/contested.ts';
import { listGoods, type Marketplace, openMarketplace, orderOf, paidOrder } from './support/shop.ts';

const DAY_MS = 86_400_000;
const ADMIN = { role: 'admin', id: 'usr_admin' } as const;
const at = (): string => new Date().toISOString();

type Hold = { escrowId: EscrowId; orderId: OrderId; sellerId: UserId };

describe('chargebacks', () => {
  let market: Marketplace;
  beforeAll(async () => {
    market = await openMarketplace();
  });
  afterAll(async () => {
    const audit = await auditLedger(market.orm.em.fork());
    await market.close();
    expect(audit.findings.filter((finding) => finding.violations > 0)).toEqual([]);
  });

  /** No test begins with a seller who owes. */
  afterEach(async () => {
    const em = market.orm.em.fork();
    for (const { sellerId, currency } of await em.find(ClawBack, { owedMinor: { $gt: 0 } })) {
      const amountMinor = await owedBy(em, sellerId, currency);
      const adminId = market.buyerId;
      const request = { id: newId('event'), adminId, sellerId, currency, amountMinor, reason: 'end of the test' };
      if (amountMinor > 0) await writeOff(em, request);
    }
  });

  const held = async (preset: PresetName = 'multi-vendor', lines = 1) => {
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

  const write = (hold: Hold, version: number) => ({
    escrowId: hold.escrowId,
    orderId: hold.orderId,
    version,
    actor: ADMIN,
    reason: 'test',
    at: at(),
  });
  const release = (hold: Hold): Promise<StoredEscrow> => market.records.releaseHold(write(hold, 2));

  /** Released, and in the seller's own account at the provider since some days. */
  const paidOut = async () => {
    const hold = await held('fliiply');
    await release(hold);
    expect(await market.atProvider.payOut({ escrowId: hold.escrowId })).toEqual({ status: 'paid' });
    market.simulator.control.advanceClock(3 * DAY_MS);
    return hold;
  };

  const dispute = (hold: { payment: { providerObjectId?: string | null } }, amount?: number) =>
    market.simulator.control.openDispute({ paymentIntent: hold.payment.providerObjectId ?? '', amount });

  const opened = async (hold: Hold & { payment: Payment }, amountMinor: number) => {
    const { id: chargebackId } = dispute(hold, amountMinor);
    const { orderId, payment } = hold;
    const facts = { chargebackId, orderId, paymentId: payment.id, currency: payment.currency, reason: 'fraudulent' };
    const input = { ...facts, amountMinor, evidenceDueBy: at(), at: at() };
    return { chargebackId, input, stored: await market.records.openChargeback(input) };
  };

  const lose = async (chargebackId: string) => {
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

  const sellersBalance = (sellerId: UserId, currency: Currency, account = walletAccount) =>
    balanceOf(market.orm.em.fork(), account(sellerId), currency);

  /** The test's own money in a seller's wallet, or out of it: exactly this much is there afterwards. */
  const walletWith = async (userId: UserId, currency: Currency, amountMinor: number) => {
    const missingMinor = amountMinor - (await sellersBalance(userId, currency));
    if (missingMinor < 0) throw new Error('tests here only fill wallets');
    if (missingMinor === 0) return;
    const paymentId = newId('payment');
    const deposit = { paymentId, userId, currency, amountMinor: missingMinor, externalRef: `ch_${paymentId}` };
    await postJournals(market.orm.em.fork(), [walletDeposited({ ...deposit, provider: 'stripe' })]);
  };

  const emptyWallet = async (userId: UserId) => {
    const amountMinor = await sellersBalance(userId, 'EUR');
    const payout = { payoutId: newId('payout'), userId, currency: 'EUR', amountMinor } as const;
    if (amountMinor === 0) return;
    await postJournals(market.orm.em.fork(), [payoutStarted(payout)]);
  };

  const linesOf = async (key: string) => {
    const em = market.orm.em.fork();
    const journal = await em.findOneOrFail(LedgerJournal, { key });
    const lines = await em.find(LedgerPosting, { journalId: journal.id });
    return Object.fromEntries(lines.map((line) => [line.account, line.amountMinor]));
  };

  const keysOf = async (orderId: OrderId) => {
    const journals = await market.orm.em.fork().find(LedgerJournal, { orderId }, { orderBy: { id: 'asc' } });
    return journals.map(({ key }) => key);
  };

  describe('after the payout', () => {
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
      expect(claims.map(({ amountMinor }) => amountMinor).toSorted()).toEqual([4_100, 8_000]);
      expect(await em.findOneOrFail(Chargeback, { id: second.chargebackId })).toMatchObject({ absorbedMinor: 3_900 });
    });
  });

  describe('before the payout', () => {
    it('are carried by the wallet of a seller who is paid on request', async () => {
      const hold = await held('escrow-platform');
      await release(hold);
      const before = await sellersBalance(hold.sellerId, 'USD');
      const { chargebackId } = await opened(hold, 2_000);
      expect(await lose(chargebackId)).toEqual([{ reversedMinor: 0, walletMinor: 2_000, owedMinor: 0 }]);
      expect(await sellersBalance(hold.sellerId, 'USD')).toBe(before - 2_000);
    });

    it('of money that had gone back to the buyer are nobody’s claim: nothing is refunded twice', async () => {
      const hold = await held();
      const refunding = { to: 'refunding', event: 'escrow.refunding' } as const;
      const clocks = { shipBy: null, deliveredBy: null, releaseAt: null, pausedAt: null, accessedAt: null };
      await market.records.changeEscrow({ ...write(hold, 2), ...refunding, ...clocks });
      const refunded = await market.atProvider.refundHold({ escrowId: hold.escrowId });
      await market.records.finishRefund({ ...write(hold, 3), ...refunded });
      const { chargebackId, stored } = await opened(hold, 10_000);
      expect(stored.shares).toEqual([]);
      expect(await lose(chargebackId)).toEqual([]);
      expect(await linesOf(`order/${hold.orderId}:chargeback-absorbed:${chargebackId}`)).toEqual({
        'loss:chargebacks': -10_000,
        'world:stripe': 10_000,
      });
    });

    it('wait for the holds that still have the money, and claim nothing of it', async () => {
      const hold = await held();
      const { chargebackId, stored } = await opened(hold, 4_000);
      expect(stored.shares).toEqual([{ escrowId: hold.escrowId, amountMinor: 4_000, heldMinor: 4_000 }]);
      expect(await market.records.heldShares({ chargebackId })).toEqual([{ escrowId: hold.escrowId, done: false }]);
      await release(hold);
      // It had been released before it could be frozen: then it is the seller's to give back.
      expect(await market.records.heldShares({ chargebackId })).toEqual([{ escrowId: hold.escrowId, done: true }]);
      expect(await lose(chargebackId)).toEqual([expect.objectContaining({ reversedMinor: 0 })]);
    });

    it('take what is frozen out of the hold, and the rest back from what was released', async () => {
      const hold = await ContestedHold.open(market, {
        preset: 'fliiply',
        lines: [{ priceMinor: 10_000, quantity: 2 }],
      });
      const { escrowId, orderId, sellerId, grossMinor } = hold;
      const contested = await hold.opened([[0, 1]]);
      await hold.release();
      await market.atProvider.payOut({ escrowId });
      market.simulator.control.advanceClock(3 * DAY_MS);
      const [payment] = await market.orm.em.fork().find(Payment, { orderId });
      if (!payment) throw new Error('it was paid');
      const { chargebackId, stored } = await opened({ escrowId, orderId, sellerId, payment }, grossMinor);
      const heldMinor = contested.frozenMinor;
      expect(stored.shares).toEqual([{ escrowId, amountMinor: grossMinor, heldMinor }]);
      await hold.close(contested);
      await hold.chargeBack(contested, chargebackId, heldMinor);
      expect(await market.records.heldShares({ chargebackId })).toEqual([{ escrowId, done: true }]);
      const [taken] = await lose(chargebackId);
      expect(taken?.reversedMinor).toBe(9_500);
      const claimed = (taken?.reversedMinor ?? 0) + (taken?.walletMinor ?? 0) + (taken?.owedMinor ?? 0);
      expect(claimed).toBe(grossMinor - heldMinor);
    });

    it('of a part that a dispute froze wait until its escrow has settled it', async () => {
      const hold = await ContestedHold.open(market, { lines: [{ priceMinor: 5_000, quantity: 2 }] });
      const { escrowId, orderId, sellerId } = hold;
      const [payment] = await market.orm.em.fork().find(Payment, { orderId });
      if (!payment) throw new Error('it was paid');
      const { chargebackId, stored } = await opened({ escrowId, orderId, sellerId, payment }, 4_000);
      expect(stored.shares).toEqual([{ escrowId, amountMinor: 4_000, heldMinor: 4_000 }]);
      const frozen = await hold.bankDispute(chargebackId, 4_000);
      const waiting = () => market.records.heldShares({ chargebackId });
      expect(await waiting()).toEqual([{ escrowId, done: false }]);
      await hold.close(frozen);
      await hold.chargeBack(frozen, chargebackId, 4_000);
      expect(await waiting()).toEqual([{ escrowId, done: true }]);
      expect(await lose(chargebackId)).toEqual([]);
      expect(await hold.row()).toMatchObject({ chargedBackMinor: 4_000, status: 'delivered' });
      expect(await hold.journal(`dispute/${frozen.disputeId}:chargeback-lost:${chargebackId}`)).toMatchObject({
        'world:stripe': 4_000,
      });
    });

    it('that are won change nothing but what they cost', async () => {
      const hold = await held();
      const { chargebackId } = await opened(hold, 10_000);
      await market.records.noteChargebackFee({ chargebackId, feeMinor: 1_500 });
      await market.records.closeChargeback({ chargebackId, status: 'won', at: at() });
      await market.records.closeChargeback({ chargebackId, status: 'lost', at: at() });
      await market.records.settleChargeback({ chargebackId, at: at() });
      const em = market.orm.em.fork();
      expect(await em.findOneOrFail(Chargeback, { id: chargebackId })).toMatchObject({
        status: 'won',
        feeMinor: 1_500,
      });
      expect(await em.findOneOrFail(Escrow, { id: hold.escrowId })).toMatchObject({
        status: 'held',
        chargedBackMinor: 0,
      });
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

  describe('evidence', () => {
    const submit = (chargebackId: string) => market.atProvider.submitEvidence({ chargebackId, actor: ADMIN, at: at() });

    it('tells the bank what was recorded about the deal, once, and is kept as it was sent', async () => {
      const hold = await held();
      const shipment = { carrier: 'DHL', trackingNumber: 'JD0001' };
      const clocks = { shipBy: null, deliveredBy: at(), releaseAt: null, pausedAt: null, accessedAt: null };
      await market.records.changeEscrow({
        ...write(hold, 2),
        event: 'escrow.shipped',
        to: 'shipped',
        ...clocks,
        ...shipment,
      });
      const { chargebackId } = await opened(hold, 10_000);
      const answers = await Promise.all([1, 2, 3].map(() => submit(chargebackId).catch(() => null)));
      const { submittedAt } = await submit(chargebackId);
      for (const answer of answers) if (answer) expect(answer).toEqual({ submittedAt });
      const sent = market.simulator.control.events().findLast(({ type }) => type === 'charge.dispute.updated');
      expect(sent?.data.object).toMatchObject({
        id: chargebackId,
        status: 'under_review',
        evidence: {
          shipping_carrier: 'DHL',
          shipping_tracking_number: 'JD0001',
          product_description: '1 x Test goods',
        },
      });
      const em = market.orm.em.fork();
      const stored = await em.findOneOrFail(Chargeback, { id: chargebackId });
      expect(stored.evidenceSentAt?.toISOString()).toBe(submittedAt);
      expect(stored.evidence?.timeline.map(({ text }) => text)).toContain('The goods are on their way. Reason: test');
      expect(stored.evidence?.deliveries).toEqual([expect.objectContaining({ ...shipment, escrowId: hold.escrowId })]);
      expect(await em.count(DomainEvent, { type: 'chargeback.evidence_sent', subjectId: chargebackId })).toBe(1);
      await release({ ...hold });
      await market.records.releaseHold(write(hold, 3));
    });

    it('that comes too late is not sent, and says so', async () => {
      const hold = await held();
      const { chargebackId } = await opened(hold, 10_000);
      market.simulator.control.closeDispute(chargebackId, 'lost');
      expect(await submit(chargebackId)).toEqual({ submittedAt: null });
      expect(await submit(chargebackId)).toEqual({ submittedAt: null });
    });
  });

  const accountOf = async ({ escrowId }: Hold): Promise<string> => {
    const created = market.simulator.control
      .events()
      .findLast((event) => event.type === 'transfer.created' && JSON.stringify(event).includes(escrowId));
    const { destination } = JSON.parse(JSON.stringify(created?.data.object)) as { destination: string };
    return destination;
  };
});
