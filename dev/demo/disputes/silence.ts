/** Nobody does anything: every phase ends by itself, in the way that was announced. */

import { onlyPart, order, pay } from '../acts.ts';
import type { ExpectedJournal } from '../books.ts';
import type { Journey } from '../journey.ts';
import { askWhy, complain, PATIENCE, send } from './acts.ts';

const JOURNALS: readonly ExpectedJournal[] = [
  { kind: 'payment_captured', lines: { 'world:stripe': -5_000, 'hold:Ana': 5_000 } },
  { kind: 'hold_split', lines: { 'hold:Ana': -5_000, 'world:stripe': 5_000 } },
];

const STEPS = [
  'dispute.opened',
  'dispute.mediation',
  'dispute.decided_by_default',
  'dispute.final',
  'dispute.resolved',
  'dispute.settled',
];

export const SILENCE: Journey = {
  name: 'silence',
  title: 'Silence on both sides: decided by the clock, final by the clock',
  slow: true,
  async play(stage) {
    const ana = await stage.newcomer('Ana');
    const bea = await stage.newcomer('Bea');
    const price = { amountMinor: 5_000, currency: 'USD' } as const;
    const goods = await stage.offer(ana, { title: 'Tripod', price, channel: 'escrow-platform' });

    const placed = await order(stage, bea, [goods]);
    await pay(stage, bea, placed);
    const part = onlyPart(placed);
    await send(stage, ana, part);
    const dispute = await complain(stage, bea, part, { reason: 'incomplete', description: 'One leg is missing.' });
    await askWhy(stage, bea, dispute);
    await bea.client.disputes.waitFor(dispute.id, 'mediation', PATIENCE);
    stage.tell('Ana says nothing for 3 days.');
    await askWhy(stage, bea, dispute);
    await bea.client.disputes.waitFor(dispute.id, 'decided', PATIENCE);
    stage.tell('Nobody decides for 7 days.');
    await askWhy(stage, bea, dispute);
    await bea.client.waitForEscrow(part.escrowId, 'refunded', PATIENCE);
    stage.tell('Nobody appeals for 3 days: the decision is final, and Bea is refunded.');

    const { data } = await bea.client.disputes.timeline(dispute.id);
    stage.expect(
      'what happened, in order',
      data.map(({ type }) => type),
      STEPS,
    );
    await stage.expectJournals(placed.order, JOURNALS);
  },
};
