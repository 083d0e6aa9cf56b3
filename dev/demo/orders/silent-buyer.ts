/** The buyer never says a word: the goods count as delivered, then the money is released. */

import { onlyPart, order, pay } from '../acts.ts';
import type { ExpectedJournal } from '../books.ts';
import type { Journey } from '../journey.ts';

const PATIENCE = { timeoutMs: 60_000, pollMs: 200 };

const JOURNALS: readonly ExpectedJournal[] = [
  { kind: 'payment_captured', lines: { 'world:stripe': -5_000, 'hold:Ana': 5_000 } },
  { kind: 'hold_released', lines: { 'hold:Ana': -5_000, 'wallet:Ana': 4_500, 'revenue:commission': 500 } },
];

export const SILENT_BUYER: Journey = {
  name: 'silent-buyer',
  title: 'The buyer stays silent: released by the clock',
  slow: true,
  async play(stage) {
    const ana = await stage.newcomer('Ana');
    const bea = await stage.newcomer('Bea');
    const goods = await stage.offer(ana, { title: 'Chair', price: { amountMinor: 5_000, currency: 'USD' } });

    const placed = await order(stage, bea, [goods]);
    await pay(stage, bea, placed);
    const { id, escrowId } = onlyPart(placed);
    await ana.client.ship(id);
    stage.tell('Ana ships. Neither the carrier nor Bea is ever heard of again.');
    await ana.client.waitForEscrow(escrowId, 'delivered', PATIENCE);
    stage.tell('After 14 days without news the goods count as delivered.');
    await ana.client.waitForEscrow(escrowId, 'released', PATIENCE);
    stage.tell('After 7 more days without an objection the money is released to Ana.');
    await stage.expectJournals(placed.order, JOURNALS);
  },
};
