/** Only what is contested is frozen: the other line's money goes to the seller on time. */

import { waitFor } from '../../client/wait-for.ts';
import { onlyPart, order, paidOut, pay } from '../acts.ts';
import { type ExpectedJournal, inWords } from '../books.ts';
import type { Journey } from '../journey.ts';
import { admin, complain, PATIENCE } from './acts.ts';

const JOURNALS: readonly ExpectedJournal[] = [
  { kind: 'payment_captured', lines: { 'world:stripe': -12_100, 'hold:Selma': 12_100 } },
  {
    kind: 'hold_released',
    lines: {
      'hold:Selma': -7_260,
      'wallet:Selma': 5_700,
      'revenue:commission': 300,
      'revenue:buyer_fees': 660,
      'revenue:shipping': 600,
    },
  },
  { kind: 'payout_started', lines: { 'wallet:Selma': -5_700, 'payout:Selma': 5_700 } },
  { kind: 'payout_paid', lines: { 'payout:Selma': -5_700, 'world:stripe': 5_700 } },
  { kind: 'hold_split', lines: { 'hold:Selma': -4_840, 'world:stripe': 4_840 } },
];

const EUR = (amountMinor: number) => ({ amountMinor, currency: 'EUR' }) as const;

export const ONE_LINE: Journey = {
  name: 'one-line',
  title: 'One card of two is contested: the other’s money is released on time',
  slow: true,
  async play(stage) {
    const selma = await stage.demoSeller('Selma');
    const bea = await stage.newcomer('Bea');
    const ada = await admin(stage);
    const [charizard, pikachu] = await stage.offerTwo(selma, 'fliiply', [
      { title: 'Charizard', price: EUR(6_000) },
      { title: 'Pikachu', price: EUR(4_000) },
    ]);

    const placed = await order(stage, bea, [charizard, pikachu]);
    await pay(stage, bea, placed);
    const part = onlyPart(placed);
    await selma.client.ship(part.id);
    const item = part.items.find(({ productId }) => productId === pikachu.id);
    if (item === undefined) throw new Error('the order has no such line');
    const lines = [{ itemId: item.id }];
    const dispute = await complain(stage, bea, part, { reason: 'counterfeit', description: 'A reprint.', lines });
    stage.expect('what is frozen', dispute.frozen, EUR(4_840));
    stage.tell('That is the card’s 40.00 with its share of buyer fee, processing and shipping.');

    await selma.client.deliver(part.id);
    const { rest } = await waitFor(
      'the undisputed rest is released',
      () => bea.client.escrow(part.escrowId),
      ({ released }) => released.amountMinor > 0,
      PATIENCE,
    );
    const escrow = await bea.client.escrow(part.escrowId);
    stage.expect(
      'what the hold still shows',
      { status: escrow.status, rest, frozen: escrow.frozen },
      {
        status: 'disputed',
        rest: EUR(0),
        frozen: EUR(4_840),
      },
    );
    await paidOut(selma, part);
    stage.tell(`3 days after the delivery the other ${inWords(escrow.released)} are released; Selma has her 57.00.`);

    await ada.client.disputes.decide(dispute.id, { outcome: 'refund', note: 'The print is of 2019.' });
    await bea.client.waitForEscrow(part.escrowId, 'split');
    stage.tell('Selma says nothing; Ada decides: refund. Bea gets 48.40 back.');
    await stage.expectJournals(placed.order, JOURNALS);
  },
};
