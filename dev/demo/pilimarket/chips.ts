/** Chips by GCash, by Maya after a refusal, and by card, whose bank then takes the money back. */

import { getFrom } from '../../client/requester.ts';
import { waitFor } from '../../client/wait-for.ts';
import type { Journey } from '../journey.ts';
import { approvalUrlOf, ask, begin, buyByGcash, chipsOf, completed, forecast, moderator, purchaseOf } from './acts.ts';

export const CHIPS_BY_GCASH: Journey = {
  name: 'chips-by-gcash',
  title: 'Chips are bought by GCash, and by Maya after a refusal',
  async play(stage) {
    const ana = await stage.newcomer('Ana');
    const bought = await buyByGcash(stage, ana, 1_000);
    stage.tell(`Ana buys 1,000 chips for ₱1,000.00 by GCash; receipt ${bought.receiptNumber}.`);
    await stage.expectPurchase(bought.id, {
      chips_bought: {
        'world:gcash': -100_000,
        'revenue:chips': 100_000,
        'chips:issued': -1_000,
        'chips:wallet': 1_000,
      },
    });

    const { purchase, payment } = await begin(ana, 200, 'paymaya');
    await stage.wallets.fail(approvalUrlOf(payment));
    stage.expect('the purchase after the refusal', (await purchaseOf(ana, purchase.id)).status, 'pending');
    const again = await begin(ana, 200, 'paymaya');
    await stage.wallets.pay(approvalUrlOf(again.payment));
    await completed(ana, again.purchase);
    stage.tell('Her bank refuses the first payment by Maya; the next one goes through: 200 chips more.');
    stage.expect('the chips', await chipsOf(ana), 1_200);
  },
};

export const CHIPS_TAKEN_BACK: Journey = {
  name: 'chips-taken-back',
  title: 'The bank takes a payment back: the chips follow as far as they are there, the rest is flagged',
  async play(stage) {
    const [mo, bob] = await Promise.all([moderator(stage), stage.newcomer('Bob')]);
    const { purchase, payment } = await begin(bob, 500, 'stripe');
    if (payment.clientSecret === undefined) throw new Error('the purchase says nothing about how to pay it');
    await stage.simulator.pay(payment.clientSecret);
    await completed(bob, purchase);
    const market = await ask(stage, mo, 'Will the train be on time?', ['Yes', 'No'], 120_000);
    await forecast(bob, market, 'Yes', 200);
    stage.tell('Bob buys 500 chips by card and stakes 200 of them.');

    await stage.simulator.openDispute(payment.clientSecret, { reason: 'fraudulent' });
    await waitFor(
      'the chips are taken back',
      () => purchaseOf(bob, purchase.id),
      ({ status }) => status === 'refunded',
    );
    stage.tell('His bank takes ₱500.00 back: 300 chips go with them, 200 are not there any more.');
    stage.expect('the chips', await chipsOf(bob), 0);
    await stage.expectPurchase(purchase.id, {
      chips_bought: { 'world:stripe': -50_000, 'revenue:chips': 50_000, 'chips:issued': -500, 'chips:wallet': 500 },
      chargeback_fee: { 'expense:psp_fees': -1_500, 'world:stripe': 1_500 },
      chips_taken_back: { 'world:stripe': 50_000, 'revenue:chips': -50_000, 'chips:issued': 300, 'chips:wallet': -300 },
    });
    const flags = await getFrom<{ data: { rule: string; user: { id: string }; status: string }[] }>(
      mo.client,
      '/admin/fraud-flags?rule=unrecovered_chips',
    );
    stage.expect(
      'the flag',
      flags.data.filter(({ user }) => user.id === bob.id).map(({ status }) => status),
      ['open'],
    );
    stage.tell('That is flagged for a reviewer; nothing else happens to Bob by itself.');
  },
};
