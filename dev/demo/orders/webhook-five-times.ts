/** The same webhook five times: stored once, booked once. */

import { waitFor } from '../../client/wait-for.ts';
import { handOver, onlyPart, order, pay, secretOf } from '../acts.ts';
import type { ExpectedJournal } from '../books.ts';
import type { Journey } from '../journey.ts';
import type { Stage } from '../stage.ts';

const JOURNALS: readonly ExpectedJournal[] = [
  { kind: 'payment_captured', lines: { 'world:stripe': -1_500, 'hold:Ana': 1_500 } },
  { kind: 'hold_released', lines: { 'hold:Ana': -1_500, 'wallet:Ana': 1_350, 'revenue:commission': 150 } },
];

export const WEBHOOK_FIVE_TIMES: Journey = {
  name: 'webhook-five-times',
  title: 'The same webhook five times, one journal',
  async play(stage) {
    const ana = await stage.newcomer('Ana');
    const bea = await stage.newcomer('Bea');
    const goods = await stage.offer(ana, { title: 'Mug', price: { amountMinor: 1_500, currency: 'USD' } });

    const placed = await order(stage, bea, [goods]);
    await pay(stage, bea, placed);
    const events = await stage.simulator.eventsOf(secretOf(placed));
    const paid = events.find(({ type }) => type === 'payment_intent.succeeded');
    if (paid === undefined) throw new Error('Stripe has told nobody of the payment');
    const before = await duplicates(stage);
    for (let copy = 2; copy <= 5; copy += 1) await stage.simulator.resend(paid.id);
    await waitFor(
      'the copies have arrived',
      () => duplicates(stage),
      (count) => count >= before + 4,
    );
    stage.tell(`Stripe sends ${paid.type} four more times; each copy is answered 2xx and recognised.`);
    await handOver(stage, ana, bea, onlyPart(placed));
    await stage.expectJournals(placed.order, JOURNALS);
  },
};

/** Webhooks the API has recognised as known; no other journey sends any twice. */
async function duplicates(stage: Stage): Promise<number> {
  const metrics = await stage.metrics();
  return Number(/^webhooks_received_total\{[^}]*outcome="duplicate"[^}]*\} (\d+)/m.exec(metrics)?.[1] ?? 0);
}
