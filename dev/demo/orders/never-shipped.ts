/** The seller does nothing: the clock gives the buyer's money back. */

import { onlyPart, order, pay } from '../acts.ts';
import type { ExpectedJournal } from '../books.ts';
import type { Journey } from '../journey.ts';

const JOURNALS: readonly ExpectedJournal[] = [
  { kind: 'payment_captured', lines: { 'world:stripe': -3_000, 'hold:Ana': 3_000 } },
  { kind: 'hold_refunded', lines: { 'hold:Ana': -3_000, 'world:stripe': 3_000 } },
];

export const NEVER_SHIPPED: Journey = {
  name: 'never-shipped',
  title: 'The seller never ships: refunded by the clock',
  slow: true,
  async play(stage) {
    const ana = await stage.newcomer('Ana');
    const bea = await stage.newcomer('Bea');
    const goods = await stage.offer(ana, { title: 'Rug', price: { amountMinor: 3_000, currency: 'USD' } });

    const placed = await order(stage, bea, [goods]);
    await pay(stage, bea, placed);
    const [next] = (await bea.client.timeline(placed.order.id)).next;
    stage.tell(`Why is the money held? “${next?.text}”`);
    await bea.client.waitForEscrow(onlyPart(placed).escrowId, 'refunded');
    stage.tell('Ana never ships; at the deadline the order is cancelled and Bea refunded, with nobody asking.');
    await stage.expectJournals(placed.order, JOURNALS);
  },
};
