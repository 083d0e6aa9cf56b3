/** The buyer has complained here and at the bank: one loss, not two. */

import { onlyPart, order, pay, secretOf } from '../acts.ts';
import type { ExpectedJournal } from '../books.ts';
import type { Journey } from '../journey.ts';
import { admin, askWhy, complain, expectRefusal, respond, send } from './acts.ts';

const JOURNALS: readonly ExpectedJournal[] = [
  { kind: 'payment_captured', lines: { 'world:stripe': -5_500, 'hold:Ana': 5_500 } },
  { kind: 'chargeback_fee', lines: { 'expense:psp_fees': -1_500, 'world:stripe': 1_500 } },
  { kind: 'chargeback_lost', lines: { 'hold:Ana': -5_500, 'world:stripe': 5_500 } },
];

export const BANK_JOINS: Journey = {
  name: 'bank-joins',
  title: 'A dispute here and a chargeback at the bank: paid back once',
  async play(stage) {
    const ana = await stage.newcomer('Ana');
    const bea = await stage.newcomer('Bea');
    const ada = await admin(stage);
    const goods = await stage.offer(ana, { title: 'Radio', price: { amountMinor: 5_500, currency: 'USD' } });

    const placed = await order(stage, bea, [goods]);
    await pay(stage, bea, placed);
    const part = onlyPart(placed);
    await send(stage, ana, part);
    const dispute = await complain(stage, bea, part, { reason: 'not_working', description: 'Only noise.' });
    await respond(stage, ana, dispute, 'It needs an aerial.');
    const { id } = await stage.simulator.openDispute(secretOf(placed), { reason: 'product_unacceptable' });
    await ada.client.chargebacks.waitUntilKnown(id);
    await bea.client.disputes.waitUntilWithBank(dispute.id);
    stage.tell('Bea’s bank takes the 55.00 back, too: the dispute waits for the bank.');
    await askWhy(stage, bea, dispute);
    const verdict = ada.client.disputes.decide(dispute.id, { outcome: 'refund', note: 'Noise.' });
    await expectRefusal(stage, 'a verdict meanwhile', verdict, '409 chargeback_open');

    await stage.simulator.closeDispute(id, 'lost');
    await ada.client.chargebacks.waitUntilSettled(id);
    await bea.client.waitForEscrow(part.escrowId, 'refunded');
    const { settlement } = await bea.client.disputes.get(dispute.id);
    stage.expect('what became of the part', settlement, 'charged_back');
    const { refunded, chargedBack } = await bea.client.escrow(part.escrowId);
    stage.expect('refunded and charged back', [refunded.amountMinor, chargedBack.amountMinor], [0, 5_500]);
    stage.tell('The bank decides for Bea: the money leaves the hold, and nothing is refunded a second time.');
    await stage.expectJournals(placed.order, JOURNALS);
  },
};
