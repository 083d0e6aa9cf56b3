/** The buyer sends the goods back first and is refunded when the seller has them. */

import { onlyPart, order, pay } from '../acts.ts';
import type { ExpectedJournal } from '../books.ts';
import type { Journey } from '../journey.ts';
import { admin, askWhy, complain, respond, send } from './acts.ts';

const JOURNALS: readonly ExpectedJournal[] = [
  { kind: 'payment_captured', lines: { 'world:stripe': -7_000, 'hold:Ana': 7_000 } },
  { kind: 'hold_split', lines: { 'hold:Ana': -7_000, 'world:stripe': 7_000 } },
];

export const RETURNED: Journey = {
  name: 'returned',
  title: 'Sent back, then refunded',
  async play(stage) {
    const ana = await stage.newcomer('Ana');
    const bea = await stage.newcomer('Bea');
    const ada = await admin(stage);
    const goods = await stage.offer(ana, { title: 'Coat', price: { amountMinor: 7_000, currency: 'USD' } });

    const placed = await order(stage, bea, [goods]);
    await pay(stage, bea, placed);
    const part = onlyPart(placed);
    await send(stage, ana, part);
    const dispute = await complain(stage, bea, part, { reason: 'not_as_described', description: 'It is a jacket.' });
    await respond(stage, ana, dispute, 'Send it back, then.');
    const verdict = { outcome: 'refund', returnGoods: true, note: 'A refund for the goods.' } as const;
    await ada.client.disputes.decide(dispute.id, verdict);
    await bea.client.disputes.waitFor(dispute.id, 'awaiting_return');
    stage.tell('Ada decides: refund, once the goods are back.');
    await askWhy(stage, ana, dispute);

    await bea.client.disputes.sendReturn(dispute.id);
    stage.expect('the hold meanwhile', (await ana.client.escrow(part.escrowId)).status, 'disputed');
    await ana.client.disputes.confirmReturn(dispute.id);
    await bea.client.waitForEscrow(part.escrowId, 'refunded');
    stage.tell('Bea sends the coat back, Ana confirms that she has it: Bea is refunded.');
    await stage.expectJournals(placed.order, JOURNALS);
  },
};
