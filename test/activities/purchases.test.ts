/** Purchases of chips on a real Postgres, paid at the simulator: limits, money that comes when it likes, and its way back. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import { giveChipsBack } from '../../activities/records/purchases/give-chips-back.ts';
import { takeChipsBack } from '../../activities/records/purchases/take-chips-back.ts';
import { Purchase } from '../../db/entities/purchase.entity.ts';
import { PurchaseEvent } from '../../db/entities/purchase-event.entity.ts';
import { UserAccount } from '../../db/entities/user-account.entity.ts';
import { auditLedger } from '../../db/ledger/audit.ts';
import {
  bought,
  chipsOf,
  flagsOf,
  journalsOf,
  lose,
  newBuyer,
  payable,
  payPurchase,
  purchaseOf,
  rowOf,
} from './support/purchases.ts';
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

const codeOf = (reason: unknown) => (reason instanceof ApplicationFailure ? reason.type : reason);
const begin = (input: ReturnType<typeof purchaseOf>) => market.records.beginPurchase(input).then(() => 'begun', codeOf);

/** Begins as often as asked for, all at once; what each was answered. */
const race = async (count: number, chips: number, userId = newBuyer(market)) => {
  const buyer = await userId;
  return Promise.all(Array.from({ length: count }, () => begin(purchaseOf(buyer, { chips }))));
};
const count = (answers: unknown[], answer: string) => answers.filter((each) => each === answer).length;

/** Purchases of the buyer until now look as if they had been begun so long ago. */
const age = (userId: string, hours: number) =>
  market.orm.em
    .fork()
    .execute(`update purchase set created_at = created_at - make_interval(hours => ?) where user_id = ?`, [
      hours,
      userId,
    ]);

describe('the limits', () => {
  it('hold when twenty purchases begin at once: five an hour', async () => {
    const answers = await race(20, 20);
    expect([count(answers, 'begun'), count(answers, 'purchase_limit_reached')]).toEqual([5, 15]);
  });

  it('hold when twenty purchases begin at once: 10,000 chips a day', async () => {
    const answers = await race(20, 4_000);
    expect([count(answers, 'begun'), count(answers, 'purchase_limit_reached')]).toEqual([2, 18]);
  });

  it('hold over 30 days, and each lets go when its time has passed', async () => {
    const buyer = await newBuyer(market);
    for (let day = 0; day < 5; day += 1) {
      expect(await begin(purchaseOf(buyer, { chips: 10_000 }))).toBe('begun');
      expect(await begin(purchaseOf(buyer, { chips: 20 }))).toBe('purchase_limit_reached');
      await age(buyer, 25);
    }
    expect(count(await race(3, 20, Promise.resolve(buyer)), 'begun')).toBe(0);
    await age(buyer, 30 * 24);
    expect(await begin(purchaseOf(buyer, { chips: 10_000 }))).toBe('begun');
  });

  it('count what was not paid among the purchases of the hour, not among the chips', async () => {
    const buyer = await newBuyer(market);
    for (let n = 0; n < 5; n += 1) {
      const input = purchaseOf(buyer, { chips: 10_000 });
      expect(await begin(input)).toBe('begun');
      await market.records.failPurchase({ purchaseId: input.purchaseId, reason: 'not paid' });
    }
    expect(await begin(purchaseOf(buyer))).toBe('purchase_limit_reached');
  });

  it('refuse a limited account, other amounts, providers and channels, and store nothing of it', async () => {
    const buyer = await newBuyer(market);
    const refusals = {
      chips_out_of_range: [{ chips: 19 }, { chips: 10_001 }],
      payment_provider_not_offered: [{ provider: 'pi' }, { provider: 'gcash' }],
      channel_not_found: [{ channel: 'nowhere' }],
      markets_not_offered: [{ channel: 'multi-vendor' }],
    } as const;
    for (const [code, inputs] of Object.entries(refusals))
      for (const changes of inputs) expect(await begin(purchaseOf(buyer, changes))).toBe(code);
    await market.orm.em.fork().nativeUpdate(UserAccount, { id: buyer }, { limitedAt: new Date() });
    expect(await begin(purchaseOf(buyer))).toBe('purchase_limit_reached');
    expect(await market.orm.em.fork().count(Purchase, { userId: buyer })).toBe(0);
  });

  it('count a purchase once, however often its beginning is tried at once; its id is nobody else’s', async () => {
    const input = purchaseOf(await newBuyer(market), { chips: 10_000 });
    const answers = await Promise.all(Array.from({ length: 6 }, () => begin(input)));
    expect(answers).toEqual(Array.from({ length: 6 }, () => 'begun'));
    expect(await begin({ ...input, requestHash: 'another' })).toBe('idempotency_key_reused');
  });
});

describe('the money', () => {
  it('buys its chips once, with a receipt, however often it is told', async () => {
    const input = purchaseOf(await newBuyer(market), { chips: 250 });
    const { purchaseId } = input;
    const purchase = await payable(market, input);
    expect(await market.atProvider.createPurchasePayment({ purchaseId })).toEqual({ paymentId: purchase.paymentId });
    await market.records.declinePurchase({ purchaseId, eventId: 'evt_1', failureCode: 'card_declined' });
    expect((await rowOf(market, purchaseId)).failureCode).toBe('card_declined');
    const arrival = await payPurchase(market, purchase);
    await Promise.all(Array.from({ length: 5 }, () => market.records.completePurchase({ purchaseId, arrival })));
    expect(await chipsOf(market, input.userId)).toBe(250);
    expect(await journalsOf(market, purchaseId)).toEqual(['completed']);
    const { receiptNumber, ...row } = await rowOf(market, purchaseId);
    expect(receiptNumber).toMatch(/^PL-\d{6}$/);
    expect(row).toMatchObject({ status: 'completed', paymentStatus: 'succeeded', chargeId: arrival.chargeId });
    expect(row.failureCode ?? null).toBeNull();
    await market.records.declinePurchase({ purchaseId, eventId: 'evt_2', failureCode: 'card_declined' });
    expect((await market.records.failPurchase({ purchaseId, reason: 'late' })).status).toBe('completed');
  });

  it('of another amount buys nothing', async () => {
    const input = purchaseOf(await newBuyer(market));
    const { purchaseId } = input;
    const arrival = { ...(await payPurchase(market, await payable(market, input))), amountMinor: 9_999 };
    await expect(market.records.completePurchase({ purchaseId, arrival }).catch(codeOf)).resolves.toBe(
      'payment_amount_mismatch',
    );
    expect(await chipsOf(market, input.userId)).toBe(0);
  });

  it('is looked for at the provider before a purchase fails; none is taken after that', async () => {
    const [paid, unpaid] = [purchaseOf(await newBuyer(market)), purchaseOf(await newBuyer(market))];
    const arrival = await payPurchase(market, await payable(market, paid));
    const found = await market.atProvider.cancelPurchasePayment({ purchaseId: paid.purchaseId });
    expect(found).toMatchObject({ cancelled: false, arrival });
    const purchase = await payable(market, unpaid);
    const closed = await market.atProvider.cancelPurchasePayment({ purchaseId: unpaid.purchaseId });
    expect(closed).toEqual({ cancelled: true });
    await expect(payPurchase(market, purchase)).rejects.toThrow('refused the card');
  });

  it('that comes after the purchase has failed buys its chips all the same, once', async () => {
    const input = purchaseOf(await newBuyer(market));
    const { purchaseId } = input;
    const purchase = await payable(market, input);
    await market.records.failPurchase({ purchaseId, reason: 'not paid in time' });
    const arrival = await payPurchase(market, purchase);
    await Promise.all([1, 2, 3].map(() => market.records.completePurchase({ purchaseId, arrival })));
    expect(await chipsOf(market, input.userId)).toBe(100);
    expect((await rowOf(market, purchaseId)).status).toBe('completed');
  });
});

describe('money that goes back', () => {
  const refunded = (purchase: Purchase, refundedMinor: number) =>
    takeChipsBack(market.orm, { purchaseId: purchase.id, kind: 'refund', refundedMinor });

  it('takes its chips with it in steps, a begun peso counts, each step once and in any order', async () => {
    const purchase = await bought(market);
    const steps = [3_050, 3_050, 50, 10_000, 3_100, 10_000];
    for (const total of steps) await refunded(purchase, total);
    expect(await chipsOf(market, purchase.userId)).toBe(0);
    expect(await rowOf(market, purchase.id)).toMatchObject({
      status: 'refunded',
      refundedMinor: 10_000,
      chipsTakenBack: 100,
      chipsMissing: 0,
    });
    expect(await journalsOf(market, purchase.id)).toEqual([
      'completed',
      'taken-back:refunded:3050',
      'taken-back:refunded:10000',
    ]);
    expect(await flagsOf(market, purchase.userId)).toEqual([]);
  });

  it('takes what is there where chips were lost, and flags the rest', async () => {
    const purchase = await bought(market);
    await lose(market, purchase.userId, 70);
    await Promise.all([refunded(purchase, 5_000), refunded(purchase, 5_000), refunded(purchase, 4_000)]);
    await refunded(purchase, 5_000);
    expect(await chipsOf(market, purchase.userId)).toBe(0);
    const row = await rowOf(market, purchase.id);
    expect(row).toMatchObject({ refundedMinor: 5_000, chipsTakenBack: 30, chipsMissing: 20 });
    const flags = await flagsOf(market, purchase.userId);
    const missing = flags.map(({ evidence }) => Number(evidence.chipsMissing));
    expect(missing.reduce((sum, each) => sum + each, 0)).toBe(20);
  });

  it('takes no more than the wallet has while it is being spent', async () => {
    const purchase = await bought(market);
    const outcomes = await Promise.allSettled([
      lose(market, purchase.userId, 60),
      refunded(purchase, 10_000),
      lose(market, purchase.userId, 60),
    ]);
    expect(outcomes[1]).toEqual({ status: 'fulfilled', value: true });
    expect(await chipsOf(market, purchase.userId)).toBe(0);
    const { chipsTakenBack, chipsMissing } = await rowOf(market, purchase.id);
    expect(chipsTakenBack + chipsMissing).toBe(100);
  });

  it('is not taken before it is booked', async () => {
    const input = purchaseOf(await newBuyer(market));
    const purchase = await payable(market, input);
    await expect(refunded(purchase, 10_000)).rejects.toThrow('not booked yet');
  });

  it('by a chargeback is given back when the bank decides for us, once, whatever comes first', async () => {
    const purchase = await bought(market);
    await lose(market, purchase.userId, 40);
    const taken = { purchaseId: purchase.id, kind: 'chargeback', chargebackId: 'dp_1', amountMinor: 10_000 } as const;
    expect(await takeChipsBack(market.orm, taken)).toBe(true);
    expect(await takeChipsBack(market.orm, taken)).toBe(false);
    expect(await rowOf(market, purchase.id)).toMatchObject({
      status: 'refunded',
      chipsTakenBack: 60,
      chipsMissing: 40,
    });
    const give = (chargebackId: string) =>
      market.orm.em
        .fork()
        .transactional((em) => giveChipsBack(em, { purchaseId: purchase.id, chargebackId, amountMinor: 10_000 }));
    expect(new Set(await Promise.all([give('dp_1'), give('dp_1')]))).toEqual(new Set([false, true]));
    expect(await rowOf(market, purchase.id)).toMatchObject({
      status: 'completed',
      paymentStatus: 'succeeded',
      refundedMinor: 0,
      chipsTakenBack: 0,
      chipsMissing: 0,
    });
    expect(await chipsOf(market, purchase.userId)).toBe(60);
    expect(await give('dp_over_before_it_was_heard_of')).toBe(false);
    const older = { ...taken, chargebackId: 'dp_over_before_it_was_heard_of' };
    expect(await takeChipsBack(market.orm, older)).toBe(false);
    expect(await chipsOf(market, purchase.userId)).toBe(60);
    expect(await market.orm.em.fork().count(PurchaseEvent, { purchaseId: purchase.id })).toBe(2);
  });

  it('twice, by a refund and by a bank, takes no chip twice', async () => {
    const purchase = await bought(market);
    await refunded(purchase, 10_000);
    const taken = {
      purchaseId: purchase.id,
      kind: 'chargeback',
      chargebackId: 'dp_twice',
      amountMinor: 10_000,
    } as const;
    expect(await takeChipsBack(market.orm, taken)).toBe(true);
    expect(await rowOf(market, purchase.id)).toMatchObject({
      refundedMinor: 20_000,
      chipsTakenBack: 100,
      chipsMissing: 0,
    });
  });
});
