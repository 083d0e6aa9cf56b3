/** What is refused around disputes: each with its code, and with nothing changed. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { complaint, freshDispute, heldPart, open } from './support/disputes.ts';
import { createTestApi, type Json, type TestApi } from './support/test-api.ts';

let api: TestApi;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  api = await createTestApi();
  for (const name of ['buyer', 'seller', 'seller2', 'admin', 'verifier', 'moderator'] as const)
    tokens[name] = await api.signIn(name);
});
afterAll(() => api.close());

type Who = 'buyer' | 'seller' | 'seller2' | 'admin' | 'verifier' | 'moderator' | 'nobody';

const DISPUTE_TABLES = ['dispute', 'dispute_line', 'dispute_message', 'dispute_evidence', 'dispute_seal'];
const TABLES = [...DISPUTE_TABLES, 'orders', 'vendor_order', 'escrow', 'domain_event', 'ledger_journal', 'listing'];

async function fingerprint(): Promise<string> {
  const hashes: unknown[] = [];
  for (const table of TABLES) {
    hashes.push(await api.sql(`select md5(string_agg(t::text, ',' order by t::text)) as hash from ${table} t`));
  }
  return JSON.stringify(hashes);
}

/** Asks, and checks the refusal and that nothing moved. */
async function refuses(who: Who, path: string, body: object, status: number, code: string): Promise<Json> {
  const before = await fingerprint();
  const token = tokens[who];
  const answer = await api.ask('POST', path, { body, ...(token !== undefined && { token }) });
  expect([answer.status, answer.body.code]).toEqual([status, code]);
  expect(answer.headers.get('Content-Type')).toBe('application/problem+json');
  expect(await fingerprint()).toBe(before);
  return answer.body;
}

const say = async (who: Who, path: string, body: object = {}): Promise<Json> => {
  const answer = await api.ask('POST', path, { token: tokens[who] ?? '', body });
  if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
  return answer.body.dispute;
};
const buyer = (): string => tokens.buyer ?? '';
const respond = (id: string): Promise<Json> => say('seller', `/disputes/${id}/respond`, { text: 'No.' });
const decide = (who: Who, id: string, outcome = 'release'): Promise<Json> =>
  say(who, `/admin/disputes/${id}/verdict`, { outcome, note: 'As the photos show.' });
const verdict = { outcome: 'refund', note: 'As the photos show.' };

describe('opening a dispute is refused', () => {
  it('to strangers, for whom there is no such vendor order, and to others than the buyer', async () => {
    const path = `/vendor-orders/${(await heldPart(api, buyer())).id}/disputes`;
    await refuses('nobody', path, complaint, 401, 'unauthenticated');
    await refuses('seller2', path, complaint, 404, 'vendor_order_not_found');
    await refuses('moderator', path, complaint, 404, 'vendor_order_not_found');
    await refuses('verifier', path, complaint, 404, 'vendor_order_not_found');
    await refuses('seller', path, complaint, 403, 'forbidden');
    await refuses('admin', path, complaint, 403, 'forbidden');
  });

  it('after the window: once the auto-release is due, and once the money is settled', async () => {
    const due = await heldPart(api, buyer(), { releaseAt: '2020-01-01T00:00:00Z' });
    await refuses('buyer', `/vendor-orders/${due.id}/disputes`, complaint, 409, 'hold_already_releasing');
    const gone = await heldPart(api, buyer());
    await api.sql(
      `update escrow set status = 'released', phase = 'released', released_minor = held_minor, releases = 1,
         rest = '{"grossMinor": 0}' where id = ?`,
      [gone.escrowId],
    );
    await refuses('buyer', `/vendor-orders/${gone.id}/disputes`, complaint, 409, 'dispute_window_closed');
  });

  it('for a line whose money is settled, twice for the same units, and for more units than there are', async () => {
    const part = await heldPart(api, buyer());
    const path = `/vendor-orders/${part.id}/disputes`;
    const [first = '', second = ''] = part.itemIds;
    const about = (itemId: string, quantity?: number) => ({ ...complaint, lines: [{ itemId, quantity }] });
    for (const quantity of [0, -1, 3])
      await refuses('buyer', path, about(first, quantity), 422, 'quantity_out_of_range');
    const twice = { ...complaint, lines: [{ itemId: first }, { itemId: first }] };
    await refuses('buyer', path, twice, 422, 'quantity_out_of_range');
    const another = (await heldPart(api, buyer())).itemIds[0] ?? '';
    await refuses('buyer', path, about(another), 422, 'line_not_in_order');
    await open(api, buyer(), part, { lines: [{ itemId: first }] });
    await refuses('buyer', path, about(first), 409, 'line_already_disputed');
    await refuses('buyer', path, about(first, 1), 409, 'line_already_disputed');
    // That one is settled: its units are heard and paid.
    await api.sql(
      `update dispute set phase = 'resolved', settlement = 'split', buyer_minor = frozen_minor, settled_at = now(),
         closed_at = now() where escrow_id = ?`,
      [part.escrowId],
    );
    await api.sql(
      `update escrow set status = 'delivered', open_disputes = 0, refunded_minor = frozen_minor, frozen_minor = 0
       where id = ?`,
      [part.escrowId],
    );
    await refuses('buyer', path, about(first), 409, 'line_released');
    await open(api, buyer(), part, { lines: [{ itemId: second }] });
  });

  it('for the rest of a hold that was released while another part is contested', async () => {
    const part = await heldPart(api, buyer());
    await open(api, buyer(), part);
    await api.sql(
      `update escrow set phase = 'released', released_minor = held_minor - frozen_minor, releases = 1,
         rest = (select jsonb_object_agg(key, 0) from jsonb_each(rest)) where id = ?`,
      [part.escrowId],
    );
    await refuses('buyer', `/vendor-orders/${part.id}/disputes`, complaint, 409, 'dispute_window_closed');
  });

  it('for another reason than that goods have not come, before they are on their way', async () => {
    const path = `/vendor-orders/${(await heldPart(api, buyer(), { phase: 'held' })).id}/disputes`;
    await refuses('buyer', path, complaint, 409, 'not_delivered_yet');
  });

  it.each([
    ['no reason', { description: 'x' }],
    ['an unknown reason', { ...complaint, reason: 'bored' }],
    ['the bank’s reason', { ...complaint, reason: 'chargeback' }],
    ['no description', { reason: 'damaged' }],
    ['a blank description', { ...complaint, description: ' \n ' }],
    ['too long a description', { ...complaint, description: 'x'.repeat(4_001) }],
    ['a null character', { ...complaint, description: 'a\u0000b' }],
    ['no lines in a list of lines', { ...complaint, lines: [] }],
    ['half a unit', { ...complaint, lines: [{ itemId: 'itm_00000000000000000000000000', quantity: 0.5 }] }],
    ['an id of another kind', { ...complaint, lines: [{ itemId: 'lst_00000000000000000000000000' }] }],
    ['a party of its own choice', { ...complaint, buyerId: 'usr_00000000000000000000000000' }],
  ])('with %s', async (_title, body) => {
    const { id } = await heldPart(api, buyer());
    await refuses('buyer', `/vendor-orders/${id}/disputes`, body, 422, 'validation_failed');
  });

  it('before the order is paid', async () => {
    const part = await heldPart(api, buyer());
    await api.sql(`delete from escrow where id = ?`, [part.escrowId]);
    await refuses('buyer', `/vendor-orders/${part.id}/disputes`, complaint, 409, 'illegal_transition');
  });
});

describe('an offer is refused', () => {
  it('above what is frozen, below nothing, in another currency, in pieces of the smallest coin', async () => {
    const { id, frozen } = await freshDispute(api, buyer());
    const path = `/disputes/${id}/offers`;
    await refuses('seller', path, { buyerMinor: frozen.amountMinor + 1 }, 422, 'offer_out_of_range');
    await refuses('seller', path, { buyerMinor: -1 }, 422, 'offer_out_of_range');
    await refuses('seller', path, { buyerMinor: 1, currency: 'EUR' }, 422, 'currency_not_supported');
    for (const body of [{ buyerMinor: 0.5 }, { buyerMinor: '1' }, {}, { replacement: false }, { buyerMinor: 2 ** 53 }])
      await refuses('seller', path, body, 422, 'validation_failed');
    await refuses('seller', path, { buyerMinor: 1, replacement: true }, 422, 'validation_failed');
    await refuses('seller', path, { replacement: true }, 422, 'outcome_not_offered');
  });

  it('from those who decide, and an answer to it from its maker, or after it has ended', async () => {
    const { id } = await freshDispute(api, buyer());
    const path = `/disputes/${id}/offers`;
    await refuses('admin', path, { buyerMinor: 1 }, 403, 'forbidden');
    await refuses('seller2', path, { buyerMinor: 1 }, 404, 'dispute_not_found');
    const dispute = await say('seller', path, { buyerMinor: 1 });
    const offer = `${path}/${dispute.offers[0]?.id}`;
    await refuses('seller', `${offer}/accept`, {}, 409, 'not_your_turn');
    await refuses('buyer', `${offer}/withdraw`, {}, 403, 'forbidden');
    await refuses('verifier', `${offer}/accept`, {}, 403, 'forbidden');
    await refuses('buyer', `${path}/ofr_00000000000000000000000000/accept`, {}, 409, 'offer_not_open');
    await refuses('buyer', `${path}/nonsense/accept`, {}, 404, 'not_found');
    await say('seller', `${offer}/withdraw`);
    await refuses('buyer', `${offer}/accept`, {}, 409, 'offer_not_open');
  });
});

describe('a verdict is refused', () => {
  it('from a party, from those who decide nothing, and before the seller was heard', async () => {
    const { id } = await freshDispute(api, buyer());
    const path = `/admin/disputes/${id}/verdict`;
    await refuses('verifier', path, verdict, 409, 'not_your_turn');
    await respond(id);
    await refuses('nobody', path, verdict, 401, 'unauthenticated');
    await refuses('buyer', path, verdict, 403, 'verdict_by_party');
    await refuses('seller', path, verdict, 403, 'verdict_by_party');
    await refuses('seller2', path, verdict, 403, 'forbidden');
    await refuses('moderator', path, verdict, 403, 'forbidden');
    await refuses('buyer', `/admin/disputes/${id}/claim`, {}, 403, 'verdict_by_party');
  });

  it('from a party who is an administrator as well', async () => {
    const { id } = await freshDispute(api, buyer());
    await respond(id);
    await api.sql(`update user_account set roles = '{user,admin}' where email = 'seller@holdfast.test'`);
    const refused = await api.ask('POST', `/admin/disputes/${id}/verdict`, {
      token: tokens.seller ?? '',
      body: verdict,
    });
    await api.sql(`update user_account set roles = '{user}' where email = 'seller@holdfast.test'`);
    expect([refused.status, refused.body.code]).toEqual([403, 'verdict_by_party']);
  });

  it('while somebody else has claimed the case', async () => {
    const { id } = await freshDispute(api, buyer());
    await respond(id);
    await say('verifier', `/admin/disputes/${id}/claim`);
    await refuses('admin', `/admin/disputes/${id}/verdict`, verdict, 409, 'case_claimed');
    await refuses('admin', `/admin/disputes/${id}/claim`, {}, 409, 'case_claimed');
  });

  it('a second time, by the first reviewer on appeal, and once it is final', async () => {
    const { id } = await freshDispute(api, buyer());
    const path = `/admin/disputes/${id}/verdict`;
    await respond(id);
    await decide('verifier', id);
    await refuses('admin', path, verdict, 409, 'already_decided');
    await say('buyer', `/disputes/${id}/appeal`, { reason: 'Look again.' });
    await refuses('buyer', `/disputes/${id}/appeal`, { reason: 'Look again.' }, 409, 'appeal_used');
    await refuses('verifier', path, verdict, 403, 'same_reviewer');
    await refuses('verifier', `/admin/disputes/${id}/claim`, {}, 403, 'same_reviewer');
    await decide('admin', id, 'refund');
    await refuses('admin', path, verdict, 409, 'dispute_closed');
    await api.gateway.passDeadline(id);
    await refuses('admin', path, verdict, 409, 'dispute_closed');
    await refuses('buyer', path, verdict, 403, 'verdict_by_party');
  });

  it.each([
    ['a split without an amount', { outcome: 'split', note: 'x' }, 422, 'validation_failed'],
    ['an amount without a split', { outcome: 'refund', buyerMinor: 1, note: 'x' }, 422, 'validation_failed'],
    ['goods sent back to no refund', { outcome: 'release', returnGoods: true, note: 'x' }, 422, 'validation_failed'],
    ['no note', { outcome: 'refund' }, 422, 'validation_failed'],
    ['a blank note', { outcome: 'refund', note: '  ' }, 422, 'validation_failed'],
    ['an unknown outcome', { outcome: 'burn', note: 'x' }, 422, 'validation_failed'],
    ['a reviewer of its own choice', { ...verdict, actor: { role: 'admin' } }, 422, 'validation_failed'],
    ['less than nothing', { outcome: 'split', buyerMinor: -1, note: 'x' }, 422, 'amount_out_of_range'],
    ['more than is frozen', { outcome: 'split', buyerMinor: 10 ** 9, note: 'x' }, 422, 'amount_out_of_range'],
    ['an outcome the channel has not', { outcome: 'replacement', note: 'x' }, 422, 'outcome_not_offered'],
  ])('with %s', async (_title, body, status, code) => {
    const { id } = await freshDispute(api, buyer());
    await respond(id);
    await refuses('admin', `/admin/disputes/${id}/verdict`, body, status, code);
  });
});

describe('an appeal is refused', () => {
  it('before there is a verdict, without a reason, from a stranger, and where the channel has none', async () => {
    const { id } = await freshDispute(api, buyer());
    const path = `/disputes/${id}/appeal`;
    await refuses('buyer', path, { reason: 'Why?' }, 409, 'not_your_turn');
    await refuses('buyer', path, { reason: ' ' }, 422, 'validation_failed');
    await refuses('seller2', path, { reason: 'Why?' }, 404, 'dispute_not_found');
    await refuses('admin', path, { reason: 'Why?' }, 403, 'forbidden');
    const without = await freshDispute(api, buyer(), { channel: 'multi-vendor' });
    await respond(without.id);
    await decide('admin', without.id);
    await refuses('buyer', `/disputes/${without.id}/appeal`, { reason: 'Why?' }, 409, 'appeal_not_offered');
  });
});

describe('after the end', () => {
  it('nothing can be said, shown, offered or taken back any more, by anybody', async () => {
    const { id } = await freshDispute(api, buyer());
    await say('buyer', `/disputes/${id}/withdraw`);
    const path = `/disputes/${id}`;
    for (const who of ['buyer', 'seller', 'admin'] as const)
      await refuses(who, `${path}/messages`, { body: 'One more thing.' }, 409, 'dispute_closed');
    await refuses('seller', `${path}/respond`, { text: 'No.' }, 409, 'dispute_closed');
    await refuses('buyer', `${path}/withdraw`, {}, 409, 'dispute_closed');
    await refuses('seller', `${path}/offers`, { buyerMinor: 1 }, 409, 'dispute_closed');
    await refuses('seller', `${path}/ship-replacement`, { carrier: 'a', trackingNumber: 'b' }, 409, 'dispute_closed');
    await refuses('buyer', `${path}/send-return`, {}, 409, 'dispute_closed');
    await refuses('seller', `${path}/confirm-return`, {}, 409, 'dispute_closed');
    await refuses('admin', `/admin/disputes/${id}/claim`, {}, 409, 'dispute_closed');
    await refuses('admin', `/admin/disputes/${id}/verdict`, verdict, 409, 'dispute_closed');
    await refuses('buyer', `${path}/messages`, { body: '' }, 422, 'validation_failed');
    await refuses('buyer', `${path}/messages`, { body: 'x'.repeat(4_001) }, 422, 'validation_failed');
  });
});
