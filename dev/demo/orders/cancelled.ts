/** The buyer changes their mind before anything is shipped. */

import { order, pay } from '../acts.ts';
import type { ExpectedJournal } from '../books.ts';
import type { Journey } from '../journey.ts';

const JOURNALS: readonly ExpectedJournal[] = [
  { kind: 'payment_captured', lines: { 'world:stripe': -4_000, 'hold:Ana': 4_000 } },
  { kind: 'hold_refunded', lines: { 'hold:Ana': -4_000, 'world:stripe': 4_000 } },
];

export const CANCELLED: Journey = {
  name: 'cancelled',
  title: 'Cancelled before shipping, refunded',
  async play(stage) {
    const ana = await stage.newcomer('Ana');
    const bea = await stage.newcomer('Bea');
    const price = { amountMinor: 4_000, currency: 'USD' } as const;
    const goods = await stage.offer(ana, { title: 'Lamp', price, stock: 3 });

    const placed = await order(stage, bea, [goods]);
    await pay(stage, bea, placed);
    await bea.client.cancelOrder(placed.order.id, 'ordered the wrong colour');
    await bea.client.waitForOrder(placed.order.id, 'refunded');
    stage.tell('Bea cancels; nothing was shipped yet, so she gets everything back.');
    await stage.expectJournals(placed.order, JOURNALS);

    const unpaid = await order(stage, bea, [goods]);
    const { status } = await bea.client.cancelOrder(unpaid.order.id, 'found it cheaper');
    stage.expect('the unpaid order', status, 'cancelled');
    stage.tell('Bea orders again and cancels before paying.');
    await stage.expectJournals(unpaid.order, []);
    stage.expect('units left for others', (await stage.visitor.product(goods.id)).available, 3);
  },
};
