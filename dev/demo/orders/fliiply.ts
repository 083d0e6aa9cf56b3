/** The worked example of the preset `fliiply`: the buyer pays 121.00, the seller gets 95.00 on their own account. */

import { handOver, onlyPart, order, paidOut, pay } from '../acts.ts';
import type { ExpectedJournal } from '../books.ts';
import type { Journey } from '../journey.ts';

const JOURNALS: readonly ExpectedJournal[] = [
  { kind: 'payment_captured', lines: { 'world:stripe': -12_100, 'hold:Selma': 12_100 } },
  {
    kind: 'hold_released',
    lines: {
      'hold:Selma': -12_100,
      'wallet:Selma': 9_500,
      'revenue:commission': 500,
      'revenue:buyer_fees': 1_100,
      'revenue:shipping': 1_000,
    },
  },
  { kind: 'payout_started', lines: { 'wallet:Selma': -9_500, 'payout:Selma': 9_500 } },
  { kind: 'payout_paid', lines: { 'payout:Selma': -9_500, 'world:stripe': 9_500 } },
];

export const FLIIPLY: Journey = {
  name: 'fliiply',
  title: 'fliiply: fees on both sides, paid out with the release',
  async play(stage) {
    const selma = await stage.demoSeller('Selma');
    const bea = await stage.newcomer('Bea');
    const price = { amountMinor: 10_000, currency: 'EUR' } as const;
    const goods = await stage.offer(selma, { title: 'First-edition card', price, channel: 'fliiply' });

    const placed = await order(stage, bea, [goods]);
    stage.tell('100.00 for the card, 5.00 buyer fee, 6.00 processing, 10.00 shipping.');
    stage.expect('the total', placed.order.total.amountMinor, 12_100);
    await pay(stage, bea, placed);
    const part = onlyPart(placed);
    await handOver(stage, selma, bea, part);
    await paidOut(selma, part);

    const transfers = await stage.simulator.transfersOf(placed.order.id);
    const sent = transfers.map(({ amount, currency, destination }) => ({ amount, currency, destination }));
    stage.expect('transfers at Stripe', sent, [{ amount: 9_500, currency: 'eur', destination: 'acct_sim_seller' }]);
    stage.tell('Stripe has transferred 95.00 EUR to acct_sim_seller.');
    await stage.expectJournals(placed.order, JOURNALS);
  },
};
