/** The bank asks for a part of a payment and loses: what it had frozen goes to the seller after all, later than the rest. */

import { waitFor } from '../../client/wait-for.ts';
import { onlyPart, order, pay, secretOf } from '../acts.ts';
import type { ExpectedJournal } from '../books.ts';
import type { Journey } from '../journey.ts';
import { admin, PATIENCE, send } from './acts.ts';

const JOURNALS: readonly ExpectedJournal[] = [
  { kind: 'payment_captured', lines: { 'world:stripe': -2_000, 'hold:Ana': 2_000 } },
  { kind: 'chargeback_fee', lines: { 'expense:psp_fees': -1_500, 'world:stripe': 1_500 } },
  { kind: 'hold_released', lines: { 'hold:Ana': -800, 'wallet:Ana': 720, 'revenue:commission': 80 } },
  { kind: 'hold_released', lines: { 'hold:Ana': -1_200, 'wallet:Ana': 1_080, 'revenue:commission': 120 } },
];

export const BANK_WON: Journey = {
  name: 'bank-won',
  title: 'A chargeback on held money, won: frozen, then released',
  slow: true,
  async play(stage) {
    const ana = await stage.newcomer('Ana');
    const bea = await stage.newcomer('Bea');
    const ada = await admin(stage);
    const goods = await stage.offer(ana, { title: 'Poster', price: { amountMinor: 2_000, currency: 'USD' } });

    const placed = await order(stage, bea, [goods]);
    await pay(stage, bea, placed);
    const part = onlyPart(placed);
    const { id } = await stage.simulator.openDispute(secretOf(placed), { amount: 1_200, reason: 'general' });
    const frozen = await waitFor(
      'the bank’s part is frozen',
      () => ana.client.escrow(part.escrowId),
      ({ status }) => status === 'disputed',
    );
    stage.expect('frozen and free', [frozen.frozen.amountMinor, frozen.rest.amountMinor], [1_200, 800]);
    stage.tell('Bea’s bank takes 12.00 of the 20.00 back: that much is frozen, the other 8.00 go on.');
    await send(stage, ana, part);
    await bea.client.confirmDelivery(part.id);
    stage.expect('released', (await ana.client.escrow(part.escrowId)).released.amountMinor, 800);
    stage.tell('Bea confirms the delivery: 8.00 are released.');

    await ada.client.chargebacks.submitEvidence(id);
    await stage.simulator.closeDispute(id, 'won');
    await ada.client.chargebacks.waitUntilSettled(id);
    await ana.client.waitForEscrow(part.escrowId, 'released', PATIENCE);
    stage.tell('The bank decides for Ana: the 12.00 come back into the hold and are released on their own time.');
    await stage.expectJournals(placed.order, JOURNALS);
  },
};
