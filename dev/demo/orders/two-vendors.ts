/** One order over two vendors: one payment, two holds, two releases. */

import { handOver, order, pay } from '../acts.ts';
import type { ExpectedJournal } from '../books.ts';
import type { Journey } from '../journey.ts';

const JOURNALS: readonly ExpectedJournal[] = [
  { kind: 'payment_captured', lines: { 'world:stripe': -10_000, 'hold:Ana': 6_000, 'hold:Ben': 4_000 } },
  { kind: 'hold_released', lines: { 'hold:Ana': -6_000, 'wallet:Ana': 5_400, 'revenue:commission': 600 } },
  { kind: 'hold_released', lines: { 'hold:Ben': -4_000, 'wallet:Ben': 3_600, 'revenue:commission': 400 } },
];

export const TWO_VENDORS: Journey = {
  name: 'two-vendors',
  title: 'Two vendors in one order, 10 % from each',
  async play(stage) {
    const [ana, ben, bea] = await Promise.all(['Ana', 'Ben', 'Bea'].map((name) => stage.newcomer(name)));
    if (!ana || !ben || !bea) throw new Error('nobody came');
    const vase = await stage.offer(ana, { title: 'Vase', price: { amountMinor: 6_000, currency: 'USD' } });
    const lamp = await stage.offer(ben, { title: 'Lamp', price: { amountMinor: 4_000, currency: 'USD' } });

    const placed = await order(stage, bea, [vase, lamp]);
    await pay(stage, bea, placed);
    for (const part of placed.order.vendorOrders) {
      await handOver(stage, part.vendorId === ana.id ? ana : ben, bea, part);
    }
    await bea.client.waitForOrder(placed.order.id, 'completed');

    stage.expect("Ana's wallet", (await ana.client.wallet()).balances, [{ amountMinor: 5_400, currency: 'USD' }]);
    stage.expect("Ben's wallet", (await ben.client.wallet()).balances, [{ amountMinor: 3_600, currency: 'USD' }]);
    await stage.expectJournals(placed.order, JOURNALS);
  },
};
