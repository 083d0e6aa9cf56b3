/** The card is only authorised when the buyer pays, and charged when the buyer has the goods. */

import { handOver, onlyPart, order, paidOut, pay } from '../acts.ts';
import type { ExpectedJournal } from '../books.ts';
import type { Journey } from '../journey.ts';

const JOURNALS: readonly ExpectedJournal[] = [
  { kind: 'payment_authorised', lines: { 'world:stripe_authorised': -4_500, 'hold:Selma': 4_500 } },
  { kind: 'authorisation_captured', lines: { 'world:stripe': -4_500, 'world:stripe_authorised': 4_500 } },
  { kind: 'hold_released', lines: { 'hold:Selma': -4_500, 'wallet:Selma': 4_500 } },
  { kind: 'payout_started', lines: { 'wallet:Selma': -4_500, 'payout:Selma': 4_500 } },
  { kind: 'payout_paid', lines: { 'payout:Selma': -4_500, 'world:stripe': 4_500 } },
];

export const CAPTURE_ON_RELEASE: Journey = {
  name: 'capture-on-release',
  title: 'pi-market: authorised first, charged on release',
  async play(stage) {
    const selma = await stage.demoSeller('Selma');
    const bea = await stage.newcomer('Bea');
    const price = { amountMinor: 4_500, currency: 'USD' } as const;
    const goods = await stage.offer(selma, { title: 'Bicycle lamp', price, channel: 'pi-market' });

    const placed = await order(stage, bea, [goods]);
    await pay(stage, bea, placed);
    const { payment } = await bea.client.order(placed.order.id);
    stage.expect('the payment', payment?.status, 'authorized');
    stage.tell('So far her card is authorised, not charged.');
    const part = onlyPart(placed);
    await handOver(stage, selma, bea, part);
    await paidOut(selma, part);
    stage.expect('the payment', (await bea.client.order(placed.order.id)).payment?.status, 'succeeded');
    stage.tell('The release has charged the card and sent the money on to Selma’s account.');
    await stage.expectJournals(placed.order, JOURNALS);
  },
};
