/** A verifier finds goods that are not as described, and the buyer takes them for less. */

import { waitFor } from '../../client/wait-for.ts';
import { onlyPart, order, pay } from '../acts.ts';
import type { ExpectedJournal } from '../books.ts';
import type { Journey } from '../journey.ts';
import { admin, verifier } from './acts.ts';

const JOURNALS: readonly ExpectedJournal[] = [
  { kind: 'payment_captured', lines: { 'world:stripe': -9_900, 'hold:Ana': 9_900 } },
  { kind: 'hold_split', lines: { 'hold:Ana': -2_000, 'world:stripe': 2_000 } },
  {
    kind: 'hold_released',
    lines: {
      'hold:Ana': -7_900,
      'wallet:Ana': 6_065,
      'revenue:commission': 319,
      'revenue:buyer_fees': 718,
      'revenue:shipping': 798,
    },
  },
];

export const MISMATCH: Journey = {
  name: 'mismatch',
  title: 'Not as described, says the verifier: bought for less',
  async play(stage) {
    const ana = await stage.newcomer('Ana');
    const bea = await stage.newcomer('Bea');
    const ada = await admin(stage);
    const vera = await verifier(stage);
    const price = { amountMinor: 8_000, currency: 'EUR' } as const;
    const title = 'Blastoise, near mint';
    const goods = await stage.offer(ana, { title, price, channel: 'fliiply', authenticity: true });

    const placed = await order(stage, bea, [goods]);
    await pay(stage, bea, placed);
    const { id, escrowId } = onlyPart(placed);
    await ana.client.ship(id);
    await ada.client.authenticity.assign(escrowId, vera.id);
    stage.tell('Ana ships to the verifier, as the listing asks; Ada assigns Vera.');
    await vera.client.authenticity.receive(escrowId, 'Lyon');
    await vera.client.authenticity.inspect(escrowId, {
      result: 'mismatch',
      condition: 'played',
      note: 'A crease at the lower edge.',
      lowerPriceMinor: 6_000,
    });
    const { next } = await bea.client.authenticity.ofVendorOrder(id);
    stage.tell('Vera: genuine, but played, not near mint; worth 60.00.');
    stage.tell(`Why is the money held? “${next.text}”`);

    await bea.client.authenticity.choose(id, 'lower_price');
    await vera.client.authenticity.forward(escrowId);
    stage.tell('Bea takes the card for 60.00: 20.00 go back to her, and Vera sends the card on.');
    await waitFor(
      'the card is on its way to Bea',
      () => bea.client.escrow(escrowId),
      ({ nextAction }) => nextAction.kind === 'mark_delivered',
    );
    await bea.client.confirmDelivery(id);
    await bea.client.waitForEscrow(escrowId, 'split');
    const { condition } = await bea.client.vendorOrder(id);
    stage.expect('the condition on the order', condition, 'played');
    stage.tell('Bea has it: released. The order says “played”.');
    await stage.expectJournals(placed.order, JOURNALS);
  },
};
