/** A dispute over HTTP, from the complaint to the end, for each of its parties. */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiError, OutcomeUnknownError } from '../../api/errors.ts';
import { EscrowSchema } from '../../api/resources/escrow.ts';
import { complaint, freshDispute, heldPart, open } from './support/disputes.ts';
import { createTestApi, type Json, list, type TestApi } from './support/test-api.ts';

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
beforeEach(() => {
  api.gateway.before = () => {};
  api.gateway.playsDisputes = true;
});

const say = (token: string, path: string, body: object = {}, key?: string) =>
  api.ask('POST', path, { token, body, ...(key !== undefined && { key }) });
const show = async (token: string, id: string): Promise<Json> =>
  (await api.ask('GET', `/disputes/${id}`, { token })).body;

describe('opening', () => {
  it('freezes the contested unit only and says what happens next and who can change it', async () => {
    const part = await heldPart(api, buyer);
    const lines = [{ itemId: part.itemIds[0], quantity: 1 }];
    const answer = await say(buyer, `/vendor-orders/${part.id}/disputes`, { ...complaint, lines });
    expect(answer.status).toBe(201);
    const { dispute } = answer.body;
    expect(answer.headers.get('Location')).toBe(`/api/v1/disputes/${dispute.id}`);
    expect(dispute).toMatchObject({
      orderId: part.orderId,
      vendorOrderId: part.id,
      escrowId: part.escrowId,
      openedBy: 'buyer',
      ...complaint,
      phase: 'seller_response',
      lines: [{ itemId: part.itemIds[0], quantity: 1, title: expect.any(String) }],
      next: { kind: 'mediate', at: expect.any(String) },
      canChange: expect.arrayContaining([
        { by: 'seller', move: 'respond' },
        { by: 'buyer', move: 'withdraw' },
      ]),
      claimedBy: null,
      verdict: null,
      offers: [],
      resolution: null,
      settlement: null,
      withBank: false,
      version: 1,
    });
    const escrow = (await api.ask('GET', `/escrows/${part.escrowId}`, { token: seller })).body;
    expect(escrow).toMatchObject({
      status: 'disputed',
      phase: 'delivered',
      frozen: dispute.frozen,
      disputes: [{ id: dispute.id, phase: 'seller_response', frozen: dispute.frozen, next: { kind: 'mediate' } }],
    });
    const { held, rest, frozen } = EscrowSchema.parse(escrow);
    expect(rest.amountMinor).toBeGreaterThan(0);
    expect(rest.amountMinor + frozen.amountMinor).toBe(held.amountMinor);
    const vendorOrder = (await api.ask('GET', `/vendor-orders/${part.id}`, { token: seller })).body;
    expect(vendorOrder).toMatchObject({ hold: { frozen, rest, held }, disputes: [{ id: dispute.id }] });
    const order = (await api.ask('GET', `/orders/${part.orderId}`, { token: buyer })).body;
    expect(order).toMatchObject({ frozen, rest, vendorOrders: [{ hold: { frozen, rest } }] });
  });

  it('without lines contests all that is left; without a quantity, all that is left of the line', async () => {
    const part = await heldPart(api, buyer);
    await open(api, buyer, part);
    const second = await open(api, buyer, part, { lines: [{ itemId: part.itemIds[0] }] });
    expect(second).toMatchObject({ lines: [{ itemId: part.itemIds[0], quantity: 1 }] });
    const rest = await open(api, buyer, part, { lines: undefined });
    expect(rest).toMatchObject({ lines: [{ itemId: part.itemIds[1], quantity: 1 }] });
    const escrow = (await api.ask('GET', `/escrows/${part.escrowId}`, { token: buyer })).body;
    expect([escrow.rest.amountMinor, list(escrow.disputes).length]).toEqual([0, 3]);
  });

  it('is one dispute however often it is asked for with one key, and its words are the first message', async () => {
    const part = await heldPart(api, buyer);
    const path = `/vendor-orders/${part.id}/disputes`;
    const body = { ...complaint, lines: [{ itemId: part.itemIds[0], quantity: 1 }] };
    const first = await say(buyer, path, body, 'open-once');
    const replayed = await say(buyer, path, body, 'open-once');
    expect([replayed.status, replayed.headers.get('Idempotent-Replayed')]).toEqual([201, 'true']);
    // The answer was lost with its row: the key alone still means this dispute.
    await api.sql(`delete from idempotency_key where key = 'open-once'`);
    const again = await say(buyer, path, body, 'open-once');
    expect([again.status, again.body.dispute.id]).toEqual([201, first.body.dispute.id]);
    await api.sql(`delete from idempotency_key where key = 'open-once'`);
    const other = await say(buyer, path, { ...body, reason: 'other' }, 'open-once');
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
    const messages = await api.ask('GET', `/disputes/${first.body.dispute.id}/messages`, { token: seller });
    expect(messages.body).toMatchObject({
      data: [{ body: complaint.description, by: { role: 'buyer' }, phase: 'seller_response' }],
      nextCursor: null,
    });
  });

  it('answers 202 with the place to look at while the outcome is unknown, and 503 without Temporal', async () => {
    const part = await heldPart(api, buyer);
    const dispute = await freshDispute(api, buyer);
    api.gateway.before = ({ target }) => {
      throw new OutcomeUnknownError(`/api/v1/somewhere/${target}`);
    };
    const unknown = await say(buyer, `/vendor-orders/${part.id}/disputes`, complaint, 'slow');
    expect([unknown.status, unknown.body.location]).toEqual([202, `/api/v1/somewhere/${part.escrowId}`]);
    const slow = await say(buyer, `/disputes/${dispute.id}/withdraw`, {}, 'slow');
    expect([slow.status, slow.headers.get('Retry-After')]).toEqual([202, '2']);
    api.gateway.before = () => {
      throw new ApiError('service_unavailable');
    };
    const away = await say(buyer, `/disputes/${dispute.id}/withdraw`, {}, 'slow');
    expect([away.status, away.body.code]).toEqual([503, 'service_unavailable']);
    api.gateway.before = () => {};
    // Neither answer was kept: the same key now does what it was for.
    expect((await say(buyer, `/disputes/${dispute.id}/withdraw`, {}, 'slow')).body.dispute.phase).toBe('withdrawn');
    expect((await say(buyer, `/vendor-orders/${part.id}/disputes`, complaint, 'slow')).status).toBe(201);
  });
});

describe('reading', () => {
  it('lists a party their disputes, newest first, by part and phase', async () => {
    const dispute = await freshDispute(api, buyer);
    for (const [token, role] of [
      [buyer, 'buyer'],
      [seller, 'seller'],
    ] as const) {
      const mine = await api.ask('GET', `/disputes?role=${role}&phase=seller_response&limit=1`, { token });
      expect(mine.body.data[0]?.id).toBe(dispute.id);
      expect(mine.body.pagination).toMatchObject({ page: 1, limit: 1 });
      const other = role === 'buyer' ? 'seller' : 'buyer';
      expect(list((await api.ask('GET', `/disputes?role=${other}`, { token })).body.data)).toEqual([]);
    }
    expect(list((await api.ask('GET', '/disputes', { token: admin })).body.data)).toEqual([]);
  });

  it('answers 304 until something has changed', async () => {
    const { id } = await freshDispute(api, buyer);
    const first = await api.ask('GET', `/disputes/${id}`, { token: buyer });
    const headers = { 'If-None-Match': first.headers.get('ETag') ?? '' };
    expect((await api.ask('GET', `/disputes/${id}`, { token: buyer, headers })).status).toBe(304);
    await say(seller, `/disputes/${id}/respond`, { text: 'It was whole when it left.' });
    expect((await api.ask('GET', `/disputes/${id}`, { token: buyer, headers })).status).toBe(200);
  });

  it('shows who works on the case to reviewers only', async () => {
    const { id } = await freshDispute(api, buyer);
    const claimed = await say(verifier, `/admin/disputes/${id}/claim`);
    expect(claimed.body.dispute.claimedBy).toMatch(/^usr_/);
    expect((await show(admin, id)).claimedBy).toBe(claimed.body.dispute.claimedBy);
    for (const token of [buyer, seller]) expect((await show(token, id)).claimedBy).toBeNull();
  });
});

describe('agreeing', () => {
  it('by an offer that the other side accepts, which is final', async () => {
    const { id, frozen } = await freshDispute(api, buyer);
    const buyerMinor = Math.floor(frozen.amountMinor / 3);
    const made = await say(seller, `/disputes/${id}/offers`, { buyerMinor }, 'offer-1');
    expect(made.status).toBe(201);
    const again = await say(seller, `/disputes/${id}/offers`, { buyerMinor }, 'offer-1');
    expect(again.body).toEqual(made.body);
    const [offer] = list(made.body.dispute.offers);
    expect(offer).toMatchObject({
      by: 'seller',
      buyer: { amountMinor: buyerMinor },
      replacement: false,
      status: 'open',
    });
    const accepted = await say(buyer, `/disputes/${id}/offers/${offer?.id}/accept`);
    expect(accepted.body.dispute).toMatchObject({
      phase: 'final',
      offers: [{ status: 'accepted' }],
      resolution: { outcome: 'split', buyer: { amountMinor: buyerMinor }, by: 'offer' },
    });
  });

  it('takes another offer in place of the first, and lets one be declined and taken back', async () => {
    const { id } = await freshDispute(api, buyer);
    await say(buyer, `/disputes/${id}/offers`, { buyerMinor: 2, currency: 'USD' });
    const { dispute } = (await say(buyer, `/disputes/${id}/offers`, { buyerMinor: 3 })).body;
    const [first, second] = list(dispute.offers);
    expect([first, second]).toMatchObject([{ status: 'replaced' }, { status: 'open', buyer: { amountMinor: 3 } }]);
    const declined = await say(seller, `/disputes/${id}/offers/${second?.id}/decline`);
    expect(declined.body.dispute.offers[1]).toMatchObject({ status: 'declined' });
    const third = (await say(buyer, `/disputes/${id}/offers`, { buyerMinor: 1 })).body.dispute.offers[2];
    const taken = await say(buyer, `/disputes/${id}/offers/${third?.id}/withdraw`);
    expect(taken.body.dispute.offers[2]).toMatchObject({ status: 'withdrawn' });
  });

  it('on a replacement, which the seller ships', async () => {
    const { id } = await freshDispute(api, buyer, { channel: 'fliiply' });
    const { dispute } = (await say(buyer, `/disputes/${id}/offers`, { replacement: true })).body;
    expect(dispute.offers[0]).toMatchObject({ replacement: true, buyer: null });
    await say(seller, `/disputes/${id}/offers/${dispute.offers[0]?.id}/accept`);
    await api.gateway.passDeadline(id);
    expect((await show(seller, id)).phase).toBe('awaiting_replacement');
    const parcel = { carrier: 'DHL', trackingNumber: 'JD02' };
    const shipped = await say(seller, `/disputes/${id}/ship-replacement`, parcel);
    expect(shipped.body.dispute).toMatchObject({ phase: 'resolved', resolution: { outcome: 'replacement' } });
    expect(api.gateway.calls.at(-1)).toMatchObject({ arg: { kind: 'shipReplacement', ...parcel } });
  });
});

describe('deciding', () => {
  it('after the seller was heard; each party appeals once; somebody else reviews', async () => {
    const { id, frozen } = await freshDispute(api, buyer);
    await say(seller, `/disputes/${id}/respond`, { text: 'It was whole when it left.' });
    await say(verifier, `/admin/disputes/${id}/claim`);
    const note = 'Packed too loosely, yet usable.';
    const verdict = await say(verifier, `/admin/disputes/${id}/verdict`, { outcome: 'split', buyerMinor: 10, note });
    expect(verdict.body.dispute).toMatchObject({
      phase: 'decided',
      verdict: { outcome: 'split', buyer: { amountMinor: 10 }, returnGoods: false, byRole: 'verifier' },
      appealUntil: expect.any(String),
    });
    const appealed = await say(buyer, `/disputes/${id}/appeal`, { reason: 'It is in pieces.' });
    expect(appealed.body.dispute).toMatchObject({ phase: 'review', appeals: ['buyer'] });
    const reviewed = await say(admin, `/admin/disputes/${id}/verdict`, { outcome: 'refund', note: 'It is.' });
    expect(reviewed.body.dispute).toMatchObject({
      phase: 'final',
      resolution: { outcome: 'refund', buyer: frozen, by: 'review' },
    });
    const said = (await api.ask('GET', `/disputes/${id}/messages`, { token: seller })).body.data;
    expect(list(said).map(({ body, by, phase }) => [body, by, phase])).toEqual([
      [complaint.description, { role: 'buyer', id: expect.any(String) }, 'seller_response'],
      ['It was whole when it left.', { role: 'seller', id: expect.any(String) }, 'seller_response'],
      [note, { role: 'verifier', id: null }, 'mediation'],
      ['It is in pieces.', { role: 'buyer', id: expect.any(String) }, 'decided'],
      ['It is.', { role: 'admin', id: null }, 'review'],
    ]);
    const seen = (await api.ask('GET', `/disputes/${id}/messages`, { token: admin })).body.data;
    expect(list(seen)[2]).toMatchObject({ by: { role: 'verifier', id: expect.stringMatching(/^usr_/) } });
  });

  it('refunds once the goods are back', async () => {
    const { id } = await freshDispute(api, buyer);
    await say(seller, `/disputes/${id}/respond`, { text: 'Send it back, then.' });
    await say(admin, `/admin/disputes/${id}/verdict`, { outcome: 'refund', returnGoods: true, note: 'Send it back.' });
    await api.gateway.passDeadline(id);
    await api.gateway.passDeadline(id);
    expect((await show(buyer, id)).phase).toBe('awaiting_return');
    expect((await say(buyer, `/disputes/${id}/send-return`)).body.dispute.phase).toBe('return_sent');
    const confirmed = await say(seller, `/disputes/${id}/confirm-return`);
    expect(confirmed.body.dispute).toMatchObject({ phase: 'resolved', resolution: { outcome: 'refund' } });
  });

  it('gives the first answer again to a repeated request, even one that came to nothing', async () => {
    const { id } = await freshDispute(api, buyer);
    const early = { outcome: 'refund', note: 'At once.' };
    const refused = await say(admin, `/admin/disputes/${id}/verdict`, early, 'too-early');
    expect([refused.status, refused.body.code]).toEqual([409, 'not_your_turn']);
    await say(seller, `/disputes/${id}/respond`, { text: 'No.' });
    const replayed = await say(admin, `/admin/disputes/${id}/verdict`, early, 'too-early');
    expect([replayed.status, replayed.body.code]).toEqual([409, 'not_your_turn']);
    const calls = api.gateway.calls.length;
    await say(admin, `/admin/disputes/${id}/verdict`, early, 'now');
    await say(admin, `/admin/disputes/${id}/verdict`, early, 'now');
    expect(api.gateway.calls.length).toBe(calls + 1);
  });
});
