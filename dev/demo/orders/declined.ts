/** A declined card, then another try: the same payment with another card, or a new payment. */

import type { PlacedOrder } from '../../client/resources.ts';
import { waitFor } from '../../client/wait-for.ts';
import { handOver, onlyPart, order, pay, secretOf } from '../acts.ts';
import type { ExpectedJournal } from '../books.ts';
import type { Journey } from '../journey.ts';
import type { Person, Stage } from '../stage.ts';

/** A declined try leaves no trace in the books. */
const JOURNALS: readonly ExpectedJournal[] = [
  { kind: 'payment_captured', lines: { 'world:stripe': -2_500, 'hold:Ana': 2_500 } },
  { kind: 'hold_released', lines: { 'hold:Ana': -2_500, 'wallet:Ana': 2_250, 'revenue:commission': 250 } },
];

export const DECLINED: Journey = {
  name: 'declined',
  title: 'Payment declined, then paid after all',
  async play(stage) {
    const ana = await stage.newcomer('Ana');
    const bea = await stage.newcomer('Bea');
    const goods = await stage.offer(ana, { title: 'Teapot', price: { amountMinor: 2_500, currency: 'USD' } });

    const first = await order(stage, bea, [goods]);
    await beDeclined(stage, bea, first);
    stage.tell('Bea tries the same payment with another card.');
    await pay(stage, bea, first);
    await handOver(stage, ana, bea, onlyPart(first));
    await stage.expectJournals(first.order, JOURNALS);

    const second = await order(stage, bea, [goods]);
    await beDeclined(stage, bea, second);
    const again = await bea.client.payAgain(second.order.id);
    stage.expect('the new payment is another one', again.payment?.id === second.payment?.id, false);
    stage.tell('Bea asks for a new payment; the first one is cancelled at Stripe.');
    await pay(stage, bea, again);
    await handOver(stage, ana, bea, onlyPart(again));
    await stage.expectJournals(second.order, JOURNALS);
  },
};

async function beDeclined(stage: Stage, buyer: Person, placed: PlacedOrder): Promise<void> {
  const { status } = await stage.simulator.confirm(secretOf(placed), 'pm_card_chargeDeclined');
  stage.expect('the answer to a declined card', status, 402);
  const { payment } = await waitFor(
    'the decline is known',
    () => buyer.client.order(placed.order.id),
    (known) => known.payment?.status === 'failed',
  );
  stage.tell(`The card is declined (${payment?.failureCode}); the order stays open.`);
}
