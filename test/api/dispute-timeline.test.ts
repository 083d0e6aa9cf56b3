/** What a dispute's parties read of it: its timeline, the order's, and all that was said. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { complaint, freshDispute, heldPart, open } from './support/disputes.ts';
import { createTestApi, list, type TestApi } from './support/test-api.ts';

let api: TestApi;
let buyer: string;
let seller: string;
let admin: string;
let verifier: string;

beforeAll(async () => {
  api = await createTestApi();
  [buyer, seller, admin, verifier] = await Promise.all([
    api.signIn('buyer'),
    api.signIn('seller'),
    api.signIn('admin'),
    api.signIn('verifier'),
  ]);
});
afterAll(() => api.close());

const say = (token: string, path: string, body: object = {}, key?: string) =>
  api.ask('POST', path, { token, body, ...(key !== undefined && { key }) });

describe('the timeline', () => {
  it('of a dispute tells its parties the facts, and each what they can do', async () => {
    const { id, orderId, escrowId } = await freshDispute(api, buyer);
    await say(buyer, `/disputes/${id}/messages`, { body: 'Here is what I saw.' });
    await say(seller, `/disputes/${id}/respond`, { text: 'No.' });
    const ofBuyer = (await api.ask('GET', `/disputes/${id}/timeline`, { token: buyer })).body;
    expect(ofBuyer).toMatchObject({
      phase: 'mediation',
      data: [{ type: 'dispute.opened', by: 'buyer' }, { type: 'dispute.message' }, { type: 'dispute.responded' }].map(
        (entry) => ({ ...entry, disputeId: id, escrowId }),
      ),
      next: [{ disputeId: id, kind: expect.stringMatching(/^decide_/), yourMoves: ['offer', 'withdraw'] }],
    });
    const ofSeller = (await api.ask('GET', `/disputes/${id}/timeline?limit=2`, { token: seller })).body;
    expect(ofSeller).toMatchObject({ next: [{ yourMoves: ['offer'] }], nextCursor: expect.any(String) });
    const more = `/disputes/${id}/timeline?cursor=${ofSeller.nextCursor}`;
    expect(list((await api.ask('GET', more, { token: seller })).body.data).map(({ type }) => type)).toEqual([
      'dispute.responded',
    ]);
    const ofOrder = (await api.ask('GET', `/orders/${orderId}/timeline`, { token: admin })).body;
    expect(list(ofOrder.data).map(({ type }) => type)).toEqual([
      'order.placed',
      'dispute.opened',
      'dispute.message',
      'dispute.responded',
    ]);
  });

  it('of an order says of the rest and of each contested part why it is held, until when, and who can change it', async () => {
    const part = await heldPart(api, buyer);
    const before = (await api.ask('GET', `/orders/${part.orderId}/timeline`, { token: buyer })).body;
    expect(before.next[0]).toMatchObject({ kind: 'release', yourMoves: expect.arrayContaining(['dispute']) });
    const dispute = await open(api, buyer, part);
    for (const [token, moves] of [
      [buyer, ['offer', 'withdraw']],
      [seller, ['respond', 'offer']],
    ] as const) {
      const { next } = (await api.ask('GET', `/orders/${part.orderId}/timeline`, { token })).body;
      expect(next).toMatchObject([
        { escrowId: part.escrowId, disputeId: null, kind: 'release', at: '2099-01-01T00:00:00.000Z' },
        { escrowId: part.escrowId, disputeId: dispute.id, kind: 'mediate', amount: dispute.frozen, yourMoves: moves },
      ]);
      expect(next[0]?.text).toMatch(/contested.*released|contested.*release|goes to the seller/s);
    }
    await open(api, buyer, part, { lines: undefined });
    const all = (await api.ask('GET', `/orders/${part.orderId}/timeline`, { token: buyer })).body;
    expect(all.next[0]).toMatchObject({ kind: 'none', at: null, amount: { amountMinor: 0 }, canChange: [] });
  });

  it('shows a seller their own part of an order, and nothing of how it was paid', async () => {
    const part = await heldPart(api, buyer);
    await api.sql(
      `insert into domain_event (id, type, order_id, escrow_id, subject_id, actor_role, actor_id, at) values
         ('evt_1', 'payment.declined', ?, null, null, 'provider', 'stripe', now()),
         ('evt_2', 'escrow.held', ?, 'esc_other', null, 'system', 'system', now())`,
      [part.orderId, part.orderId],
    );
    await open(api, buyer, part);
    const { data } = (await api.ask('GET', `/orders/${part.orderId}/timeline`, { token: seller })).body;
    expect(list(data).map(({ type }) => type)).toEqual(['order.placed', 'dispute.opened']);
    const foreign = await api.ask('GET', `/orders/${part.orderId}/timeline`, { token: await api.signIn('seller2') });
    expect([foreign.status, foreign.body.code]).toEqual([404, 'order_not_found']);
  });
});

describe('messages', () => {
  it('come from parties and reviewers, in order, page by page, each once', async () => {
    const { id } = await freshDispute(api, buyer);
    const path = `/disputes/${id}/messages`;
    for (const [token, body] of [
      [buyer, 'one'],
      [seller, 'two\nlines'],
      [verifier, 'three'],
      [admin, 'four'],
    ] as const) {
      const sent = await say(token, path, { body }, `${id}-${body.slice(0, 3)}`);
      expect([sent.status, sent.body.message]).toMatchObject([201, { body }]);
    }
    await api.sql(`delete from idempotency_key where key = ?`, [`${id}-one`]);
    expect((await say(buyer, path, { body: 'one' }, `${id}-one`)).status).toBe(201);
    const first = (await api.ask('GET', `${path}?limit=3`, { token: buyer })).body;
    const second = (await api.ask('GET', `${path}?limit=3&cursor=${first.nextCursor}`, { token: buyer })).body;
    const bodies = [...list(first.data), ...list(second.data)].map(({ body }) => body);
    expect(bodies).toEqual([complaint.description, 'one', 'two\nlines', 'three', 'four']);
    expect(second.nextCursor).toBeNull();
    const audited = await api.sql<{ actor_role: string }>(
      `select actor_role from domain_event where subject_id = ? and type = 'dispute.message' order by seq`,
      [id],
    );
    expect(audited.map(({ actor_role }) => actor_role)).toEqual(['buyer', 'seller', 'verifier', 'admin']);
  });
});
