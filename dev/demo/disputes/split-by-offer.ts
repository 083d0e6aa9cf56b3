/** The parties agree on a split; no reviewer is needed. */

import type { Dispute } from '../../client/resources.ts';
import { onlyPart, order, pay } from '../acts.ts';
import type { ExpectedJournal } from '../books.ts';
import type { Journey } from '../journey.ts';
import { complain, expectRefusal, send } from './acts.ts';

const JOURNALS: readonly ExpectedJournal[] = [
  { kind: 'payment_captured', lines: { 'world:stripe': -6_000, 'hold:Ana': 6_000 } },
  {
    kind: 'hold_split',
    lines: { 'hold:Ana': -6_000, 'world:stripe': 2_500, 'wallet:Ana': 3_150, 'revenue:commission': 350 },
  },
];

export const SPLIT_BY_OFFER: Journey = {
  name: 'split-by-offer',
  title: 'The parties agree: split by an accepted offer',
  async play(stage) {
    const ana = await stage.newcomer('Ana');
    const bea = await stage.newcomer('Bea');
    const goods = await stage.offer(ana, { title: 'Vase', price: { amountMinor: 6_000, currency: 'USD' } });

    const placed = await order(stage, bea, [goods]);
    await pay(stage, bea, placed);
    const part = onlyPart(placed);
    await send(stage, ana, part);
    const complaint = { reason: 'not_as_described', description: 'The glaze has a crack.' } as const;
    const { id } = await complain(stage, bea, part, complaint);

    const first = lastOffer(await ana.client.disputes.offer(id, { buyerMinor: 1_500 }));
    await bea.client.disputes.declineOffer(id, first);
    const second = lastOffer(await bea.client.disputes.offer(id, { buyerMinor: 2_500 }));
    stage.tell('Ana offers 15.00, Bea declines and asks for 25.00.');
    await expectRefusal(
      stage,
      'Bea accepts her own offer',
      bea.client.disputes.acceptOffer(id, second),
      '409 not_your_turn',
    );
    await ana.client.disputes.acceptOffer(id, second);
    await bea.client.waitForEscrow(part.escrowId, 'split');
    stage.tell('Ana accepts: 25.00 go back to Bea, of the other 35.00 the platform takes its 10 %.');
    const { resolution } = await bea.client.disputes.get(id);
    stage.expect('the resolution', resolution, {
      outcome: 'split',
      buyer: { amountMinor: 2_500, currency: 'USD' },
      by: 'offer',
    });
    await bea.client.waitForOrder(placed.order.id, 'partially_refunded');
    await stage.expectJournals(placed.order, JOURNALS);
  },
};

function lastOffer({ offers }: Dispute): string {
  const last = offers.at(-1);
  if (last === undefined) throw new Error('the dispute shows no offer');
  return last.id;
}
