/** The first verdict does not stand: somebody else looks again and decides otherwise. */

import { onlyPart, order, pay } from '../acts.ts';
import type { ExpectedJournal } from '../books.ts';
import type { Journey } from '../journey.ts';
import { admin, askWhy, complain, expectRefusal, respond, send, verifier } from './acts.ts';

const JOURNALS: readonly ExpectedJournal[] = [
  { kind: 'payment_captured', lines: { 'world:stripe': -9_000, 'hold:Ana': 9_000 } },
  { kind: 'hold_split', lines: { 'hold:Ana': -9_000, 'world:stripe': 9_000 } },
];

export const APPEAL: Journey = {
  name: 'appeal',
  title: 'A verdict, an appeal, another reviewer: overturned',
  async play(stage) {
    const ana = await stage.newcomer('Ana');
    const bea = await stage.newcomer('Bea');
    const ada = await admin(stage);
    const vera = await verifier(stage);
    const price = { amountMinor: 9_000, currency: 'USD' } as const;
    const goods = await stage.offer(ana, { title: 'Field recorder', price, channel: 'escrow-platform' });

    const placed = await order(stage, bea, [goods]);
    await pay(stage, bea, placed);
    const part = onlyPart(placed);
    await send(stage, ana, part);
    const dispute = await complain(stage, bea, part, { reason: 'not_working', description: 'It does not record.' });
    await respond(stage, ana, dispute, 'It needs a memory card.');
    await ada.client.disputes.decide(dispute.id, { outcome: 'release', note: 'The manual says so.' });
    stage.tell('Ada decides for Ana. No money moves yet.');
    await askWhy(stage, bea, dispute);

    await bea.client.disputes.appeal(dispute.id, 'There is a card in it, see the photo.');
    stage.tell('Bea appeals.');
    const again = ada.client.disputes.decide(dispute.id, { outcome: 'release', note: 'As I said.' });
    await expectRefusal(stage, 'Ada reviews her own verdict', again, '403 same_reviewer');
    await vera.client.disputes.decide(dispute.id, { outcome: 'refund', note: 'The card slot is dead.' });
    stage.tell('Ada may not review her own verdict (403 same_reviewer). Vera does, and overturns it: refund.');
    await bea.client.waitForEscrow(part.escrowId, 'refunded');

    const { verdict, resolution, phase } = await bea.client.disputes.get(dispute.id);
    stage.expect(
      'what was decided first and last',
      { first: verdict?.outcome, last: resolution?.outcome, by: resolution?.by, phase },
      { first: 'release', last: 'refund', by: 'review', phase: 'resolved' },
    );
    await stage.expectJournals(placed.order, JOURNALS);
  },
};
