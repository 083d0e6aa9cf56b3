/** The buyer gives the complaint up: the hold goes on as if there had been none. */

import { onlyPart, order, pay } from '../acts.ts';
import type { ExpectedJournal } from '../books.ts';
import type { Journey } from '../journey.ts';
import { complain, expectRefusal } from './acts.ts';

const JOURNALS: readonly ExpectedJournal[] = [
  { kind: 'payment_captured', lines: { 'world:stripe': -3_500, 'hold:Ana': 3_500 } },
  { kind: 'hold_released', lines: { 'hold:Ana': -3_500, 'wallet:Ana': 3_150, 'revenue:commission': 350 } },
];

export const WITHDRAWN: Journey = {
  name: 'withdrawn',
  title: 'A complaint is withdrawn: the hold goes on',
  async play(stage) {
    const ana = await stage.newcomer('Ana');
    const bea = await stage.newcomer('Bea');
    const goods = await stage.offer(ana, { title: 'Teapot', price: { amountMinor: 3_500, currency: 'USD' } });

    const placed = await order(stage, bea, [goods]);
    await pay(stage, bea, placed);
    const part = onlyPart(placed);
    await ana.client.ship(part.id);
    const complaint = { reason: 'not_received', description: 'It was to come yesterday.' } as const;
    const dispute = await complain(stage, bea, part, complaint);
    const early = bea.client.confirmDelivery(part.id);
    await expectRefusal(stage, 'confirming while all is contested', early, '409 hold_disputed');
    await bea.client.disputes.withdraw(dispute.id);
    await bea.client.waitForEscrow(part.escrowId, 'shipped');
    stage.tell('The parcel comes; Bea withdraws, and the hold is as it was.');

    const again = bea.client.disputes.open(part.id, complaint);
    await expectRefusal(stage, 'the same complaint again', again, '409 line_already_disputed');
    await bea.client.confirmDelivery(part.id);
    await bea.client.waitForEscrow(part.escrowId, 'released');
    stage.tell('The same cannot be contested twice (409 line_already_disputed). Bea confirms: released.');
    await stage.expectJournals(placed.order, JOURNALS);
  },
};
