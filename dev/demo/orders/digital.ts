/** Digital goods: there at once, released at once. */

import { onlyPart, order, secretOf } from '../acts.ts';
import type { ExpectedJournal } from '../books.ts';
import type { Journey } from '../journey.ts';

const JOURNALS: readonly ExpectedJournal[] = [
  { kind: 'payment_captured', lines: { 'world:stripe': -1_200, 'hold:Ana': 1_200 } },
  { kind: 'hold_released', lines: { 'hold:Ana': -1_200, 'wallet:Ana': 1_080, 'revenue:commission': 120 } },
];

export const DIGITAL: Journey = {
  name: 'digital',
  title: 'Digital goods, at once',
  async play(stage) {
    const ana = await stage.newcomer('Ana');
    const bea = await stage.newcomer('Bea');
    const price = { amountMinor: 1_200, currency: 'USD' } as const;
    const digitalContent = 'Licence AAAA-0001';
    const goods = await stage.offer(ana, { title: 'Field recordings', price, kind: 'digital', digitalContent });

    const placed = await order(stage, bea, [goods], { shippingAddress: null });
    await stage.simulator.pay(secretOf(placed));
    await bea.client.waitForOrder(placed.order.id, 'completed');
    stage.tell('Bea pays by card; the goods are hers and the money is Ana’s at the same moment.');
    const { data } = await bea.client.openGoods(onlyPart(placed).id);
    stage.expect(
      'what Bea bought',
      data.map(({ content }) => content),
      [digitalContent],
    );
    stage.tell(`Bea opens what she bought: “${digitalContent}”.`);
    await stage.expectJournals(placed.order, JOURNALS);
  },
};
