/** The seller sends the right goods; the same hold goes on under its own clocks. */

import { onlyPart, order, pay } from '../acts.ts';
import type { ExpectedJournal } from '../books.ts';
import type { Journey } from '../journey.ts';
import { askWhy, complain } from './acts.ts';

const JOURNALS: readonly ExpectedJournal[] = [
  { kind: 'payment_captured', lines: { 'world:stripe': -6_750, 'hold:Ana': 6_750 } },
  {
    kind: 'hold_released',
    lines: {
      'hold:Ana': -6_750,
      'wallet:Ana': 4_750,
      'revenue:commission': 250,
      'revenue:buyer_fees': 750,
      'revenue:shipping': 1_000,
    },
  },
];

export const REPLACED: Journey = {
  name: 'replaced',
  title: 'The wrong card came: replaced under the same hold',
  async play(stage) {
    const ana = await stage.newcomer('Ana');
    const bea = await stage.newcomer('Bea');
    const price = { amountMinor: 5_000, currency: 'EUR' } as const;
    const goods = await stage.offer(ana, { title: 'Umbreon', price, channel: 'fliiply' });

    const placed = await order(stage, bea, [goods]);
    await pay(stage, bea, placed);
    const part = onlyPart(placed);
    await ana.client.ship(part.id);
    const dispute = await complain(stage, bea, part, { reason: 'wrong_item', description: 'This is an Espeon.' });
    const { offers } = await ana.client.disputes.offer(dispute.id, { replacement: true });
    await bea.client.disputes.acceptOffer(dispute.id, offers[0]?.id ?? '');
    stage.tell('Ana offers to send the right one, Bea accepts.');
    await bea.client.disputes.waitFor(dispute.id, 'awaiting_replacement');
    await askWhy(stage, bea, dispute);

    await ana.client.disputes.shipReplacement(dispute.id);
    await bea.client.waitForEscrow(part.escrowId, 'shipped');
    stage.tell('Ana ships it: the dispute is resolved, the hold is whole again and waits for the delivery.');
    await bea.client.confirmDelivery(part.id);
    await bea.client.waitForEscrow(part.escrowId, 'released');
    stage.tell('Bea has the right card: the hold is released.');
    await stage.expectJournals(placed.order, JOURNALS);
  },
};
