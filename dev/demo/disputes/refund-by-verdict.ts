/** The seller is heard, a reviewer decides, the buyer gets everything back. */

import { onlyPart, order, pay } from '../acts.ts';
import type { ExpectedJournal } from '../books.ts';
import type { Journey } from '../journey.ts';
import { admin, askWhy, complain, respond, send } from './acts.ts';

/** One grey pixel. */
const PHOTO = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
);

const JOURNALS: readonly ExpectedJournal[] = [
  { kind: 'payment_captured', lines: { 'world:stripe': -4_000, 'hold:Ana': 4_000 } },
  { kind: 'hold_split', lines: { 'hold:Ana': -4_000, 'world:stripe': 4_000 } },
];

export const REFUND_BY_VERDICT: Journey = {
  name: 'refund-by-verdict',
  title: 'A reviewer decides for the buyer: refunded',
  async play(stage) {
    const ana = await stage.newcomer('Ana');
    const bea = await stage.newcomer('Bea');
    const ada = await admin(stage);
    const goods = await stage.offer(ana, { title: 'Lamp', price: { amountMinor: 4_000, currency: 'USD' } });

    const placed = await order(stage, bea, [goods]);
    await pay(stage, bea, placed);
    const part = onlyPart(placed);
    await send(stage, ana, part);
    const dispute = await complain(stage, bea, part, { reason: 'damaged', description: 'The shade is broken.' });
    const photo = { name: 'shade.png', mediaType: 'image/png', content: PHOTO };
    const { sha256 } = await bea.client.disputes.addEvidence(dispute.id, photo);
    stage.tell(`Bea adds a photo; its SHA-256 begins with ${sha256.slice(0, 12)}.`);
    await askWhy(stage, bea, dispute);
    await respond(stage, ana, dispute, 'It was whole when I packed it.');

    const waiting = await ada.client.disputes.queue({ phase: 'mediation', limit: '100' });
    stage.expect(
      'Ada finds the case in the queue',
      waiting.data.some(({ id }) => id === dispute.id),
      true,
    );
    await ada.client.disputes.claim(dispute.id);
    await ada.client.disputes.decide(dispute.id, { outcome: 'refund', note: 'Packing is the seller’s to answer for.' });
    stage.tell('Ada claims the case and decides: refund. “Packing is the seller’s to answer for.”');
    await bea.client.waitForEscrow(part.escrowId, 'refunded');
    await bea.client.waitForOrder(placed.order.id, 'refunded');

    const { evidence, seals } = await bea.client.disputes.evidence(dispute.id);
    const names = evidence.map(({ fileName }) => fileName);
    stage.expect('the evidence', names, ['terms-at-purchase.json', 'shade.png']);
    const [first] = seals;
    stage.expect('the photo is under the first seal', first?.manifest.includes(sha256), true);
    stage.tell(`The deal’s terms and the photo are sealed: ${first?.seal.slice(0, 12)}...`);
    await stage.expectJournals(placed.order, JOURNALS);
  },
};
