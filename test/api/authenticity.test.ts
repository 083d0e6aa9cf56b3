/** The verifier leg over HTTP: asked for by a listing, assigned, inspected, chosen and sent on, and seen by its parties only. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EscrowId, OrderId } from '../../domain/ids.ts';
import { openAuthenticity } from './support/authenticity-stand-in.ts';
import { type Answer, createTestApi, list, type TestApi } from './support/test-api.ts';

let api: TestApi;
type Name = 'admin' | 'buyer' | 'seller' | 'seller2' | 'verifier' | 'moderator';
const tokens: Partial<Record<Name, string>> = {};
const ids: Partial<Record<Name, string>> = {};
let shopId: string;
let euroShopOfAnotherChannel: string;

const ADDRESS = { name: 'Ada', line1: '1 Analytical Row', city: 'London', postalCode: 'N1 9GU', country: 'GB' };

beforeAll(async () => {
  api = await createTestApi();
  for (const name of ['admin', 'buyer', 'seller', 'seller2', 'verifier', 'moderator'] as const) {
    tokens[name] = await api.signIn(name);
    const [row] = await api.sql<{ id: string }>(`select id from user_account where email = '${name}@holdfast.test'`);
    ids[name] = row?.id ?? '';
  }
  const shops = await api.sql<{ id: string; slug: string }>(
    `select s.id, c.slug from shop s join channel c on c.id = s.channel_id where s.owner_id = ?`,
    [ids.seller],
  );
  shopId = shops.find(({ slug }) => slug === 'fliiply')?.id ?? '';
  euroShopOfAnotherChannel = shops.find(({ slug }) => slug === 'multi-vendor')?.id ?? '';
});
afterAll(() => api.close());

const as = (name: Name, method: string, path: string, body?: unknown): Promise<Answer> =>
  api.ask(method, path, { token: tokens[name], ...(body !== undefined && { body }) });

const product = (changes: object = {}) => ({
  shopId,
  title: 'First edition dragon',
  description: 'Slightly used.',
  kind: 'physical',
  price: { amountMinor: 10_000, currency: 'EUR' },
  stock: 50,
  authenticity: true,
  ...changes,
});

/** Paid and shipped to be verified, as the workflows would have it. */
async function sent(): Promise<{ id: string; escrowId: string; orderId: string }> {
  const listed = await as('seller', 'POST', '/products', product());
  const placed = await api.ask('POST', '/orders', {
    token: tokens.buyer,
    key: crypto.randomUUID(),
    body: {
      lines: [{ listingId: listed.body.listingId, quantity: 1 }],
      shippingAddress: ADDRESS,
      payment: { provider: 'stripe' },
    },
  });
  const { order } = placed.body;
  const part = order.vendorOrders[0];
  if (!part) throw new Error(`not placed: ${JSON.stringify(placed.body)}`);
  await api.sql(`update orders set status = 'shipped', paid_at = now() where id = ?`, [order.id]);
  await api.sql(`update vendor_order set status = 'shipped', carrier = 'DHL', tracking_number = '1' where id = ?`, [
    part.id,
  ]);
  await api.sql(
    `insert into escrow (id, order_id, vendor_order_id, buyer_id, seller_id, status, phase, currency, held_minor, captured, next_action_kind)
     select escrow_id, order_id, id, buyer_id, vendor_id, status, status, currency, gross_minor, true, 'none' from vendor_order where id = ?`,
    [part.id],
  );
  await openAuthenticity(api.deps.orm, part.escrowId as EscrowId, order.id as OrderId);
  return { id: part.id, escrowId: part.escrowId, orderId: order.id };
}

const assign = (escrowId: string, name: Name = 'verifier', by: Name = 'admin') =>
  as(by, 'POST', `/admin/authenticity/${escrowId}/assign`, { verifierId: ids[name] });
const MISMATCH = { result: 'mismatch', condition: 'played', note: 'A crease.', lowerPriceMinor: 8_000 };

async function arrived() {
  const goods = await sent();
  await assign(goods.escrowId);
  await as('verifier', 'POST', `/authenticity/${goods.escrowId}/receive`, { location: 'Lyon' });
  return goods;
}

describe('asking for a verifier', () => {
  it('is a seller’s choice per listing, shown on the product and frozen into the order', async () => {
    const listed = await as('seller', 'POST', '/products', product());
    expect([listed.status, listed.body]).toMatchObject([201, { authenticity: true }]);
    const { id } = await sent();
    const shown = await as('seller', 'GET', `/vendor-orders/${id}`);
    expect(shown.body).toMatchObject({ authenticity: true, condition: null });
    const without = await as('seller', 'POST', '/products', product({ authenticity: undefined }));
    expect(without.body).toMatchObject({ authenticity: false });
  });

  it('is possible where the channel has verifiers only', async () => {
    const price = { amountMinor: 100, currency: 'USD' };
    const elsewhere = await as('seller', 'POST', '/products', product({ shopId: euroShopOfAnotherChannel, price }));
    expect([elsewhere.status, elsewhere.body.code]).toEqual([422, 'authenticity_not_offered']);
    const channels = await api.ask('GET', '/channels');
    const offering = list(channels.body.data).filter((channel) => (channel as { authenticity?: boolean }).authenticity);
    expect(offering).toMatchObject([{ slug: 'fliiply' }]);
  });
});

describe('the way of the goods', () => {
  it('leads from the seller over the verifier to the buyer, every step seen by both parties', async () => {
    const { id, escrowId, orderId } = await sent();
    const begun = await as('buyer', 'GET', `/vendor-orders/${id}/authenticity`);
    expect(begun.body).toMatchObject({
      phase: 'assigning',
      next: { kind: 'refund' },
      canChange: [{ by: 'admin', move: 'assign' }],
      price: { amountMinor: 10_000, currency: 'EUR' },
    });
    const assigned = await assign(escrowId);
    expect([assigned.status, assigned.body]).toMatchObject([
      200,
      { authenticity: { phase: 'in_transit_to_verifier', verifierId: ids.verifier } },
    ]);
    const queue = await as('verifier', 'GET', '/authenticity?open=true');
    expect(list(queue.body.data)).toMatchObject([{ escrowId, phase: 'in_transit_to_verifier' }]);
    await as('verifier', 'POST', `/authenticity/${escrowId}/receive`);
    const inspection = { result: 'passed', condition: 'near_mint', note: 'Genuine.' };
    const inspected = await as('verifier', 'POST', `/authenticity/${escrowId}/inspect`, inspection);
    expect(inspected.body).toMatchObject({ authenticity: { phase: 'to_forward', inspection } });
    const parcel = { carrier: 'UPS', trackingNumber: '2' };
    const forwarded = await as('verifier', 'POST', `/authenticity/${escrowId}/forward`, parcel);
    expect(forwarded.body).toMatchObject({ authenticity: { phase: 'passed', result: 'passed', forwarded: parcel } });
    for (const party of ['buyer', 'seller'] as const) {
      const { body } = await as(party, 'GET', `/vendor-orders/${id}/authenticity`);
      expect(body).toMatchObject({
        custody: [
          { step: 'sent', by: 'seller', byId: ids.seller, parcel: { carrier: 'DHL' } },
          { step: 'received', by: 'verifier', byId: ids.verifier },
          { step: 'inspected', by: 'verifier', note: 'Genuine.' },
          { step: 'forwarded', by: 'verifier', parcel },
        ],
      });
    }
    expect((await as('buyer', 'GET', `/vendor-orders/${id}`)).body).toMatchObject({ condition: 'near_mint' });
    const timeline = await as('buyer', 'GET', `/orders/${orderId}/timeline`);
    expect(list(timeline.body.data).map(({ type }) => type)).toEqual([
      'order.placed',
      'authenticity.requested',
      'authenticity.assigned',
      'authenticity.received',
      'authenticity.passed',
      'authenticity.forwarded',
    ]);
    expect(list(timeline.body.next)[0]?.text).toContain('verifier');
  });

  it.each(['accept', 'lower_price', 'refund'])('asks the buyer about a mismatch: %s', async (choice) => {
    const { id, escrowId } = await arrived();
    const found = await as('verifier', 'POST', `/authenticity/${escrowId}/inspect`, MISMATCH);
    expect(found.body).toMatchObject({
      authenticity: { phase: 'mismatch_choice', inspection: { lowerPrice: { amountMinor: 8_000, currency: 'EUR' } } },
    });
    const key = crypto.randomUUID();
    const ask = { token: tokens.buyer, key, body: { choice } };
    const first = await api.ask('POST', `/vendor-orders/${id}/mismatch`, ask);
    const again = await api.ask('POST', `/vendor-orders/${id}/mismatch`, ask);
    expect(again.body).toEqual(first.body);
    expect(first.body).toMatchObject({ authenticity: { phase: choice === 'refund' ? 'declined' : 'to_forward' } });
    const other = await as('buyer', 'POST', `/vendor-orders/${id}/mismatch`, { choice: 'refund' });
    expect([other.status, other.body.code]).toEqual([409, choice === 'refund' ? 'already_decided' : 'not_your_turn']);
  });

  it('may be finished by an admin, who sees everybody’s', async () => {
    const { escrowId } = await arrived();
    await as('verifier', 'POST', `/authenticity/${escrowId}/inspect`, {
      ...MISMATCH,
      result: 'passed',
      lowerPriceMinor: undefined,
    });
    const sentOn = await as('admin', 'POST', `/authenticity/${escrowId}/forward`, {
      carrier: 'UPS',
      trackingNumber: '3',
    });
    expect(sentOn.body).toMatchObject({ authenticity: { phase: 'passed' } });
    const all = await as('admin', 'GET', '/authenticity?limit=100');
    expect(list(all.body.data).map((leg) => leg.escrowId)).toContain(escrowId);
    const ended = await as('admin', 'GET', '/authenticity?phase=passed&open=false');
    expect(list(ended.body.data).length).toBeGreaterThan(0);
  });
});

describe('what is refused', () => {
  const code = ({ status, body }: Answer) => [status, body.code];

  it('assigning a party, somebody who is no verifier, or by anybody but an admin', async () => {
    const { escrowId } = await sent();
    await api.sql(`update user_account set roles = array['user', 'verifier'] where id in (?, ?)`, [
      ids.seller,
      ids.buyer,
    ]);
    expect(code(await assign(escrowId, 'seller'))).toEqual([409, 'verifier_conflict']);
    expect(code(await assign(escrowId, 'buyer'))).toEqual([409, 'verifier_conflict']);
    await api.sql(`update user_account set roles = array['user'] where id in (?, ?)`, [ids.seller, ids.buyer]);
    expect(code(await assign(escrowId, 'moderator'))).toEqual([404, 'verifier_not_found']);
    expect(code(await assign(escrowId, 'verifier', 'verifier'))).toEqual([403, 'forbidden']);
    expect(code(await assign(escrowId, 'verifier', 'buyer'))).toEqual([403, 'forbidden']);
    const unknown = { verifierId: `usr_${'0'.repeat(26)}` };
    expect(code(await as('admin', 'POST', `/admin/authenticity/${escrowId}/assign`, unknown))).toEqual([
      404,
      'verifier_not_found',
    ]);
    await api.sql(`update user_account set status = 'suspended' where id = ?`, [ids.verifier]);
    expect(code(await assign(escrowId))).toEqual([404, 'verifier_not_found']);
    await api.sql(`update user_account set status = 'active' where id = ?`, [ids.verifier]);
  });

  it('what is not there, or not for these goods', async () => {
    const nowhere = `esc_${'0'.repeat(26)}`;
    expect(code(await assign(nowhere))).toEqual([404, 'authenticity_not_found']);
    expect(code(await as('verifier', 'POST', `/authenticity/${nowhere}/receive`))).toEqual([
      404,
      'authenticity_not_found',
    ]);
    const { id } = await sent();
    await api.sql('update vendor_order set authenticity = false where id = ?', [id]);
    expect(code(await as('buyer', 'GET', `/vendor-orders/${id}/authenticity`))).toEqual([
      409,
      'authenticity_not_requested',
    ]);
    const choice = await as('buyer', 'POST', `/vendor-orders/${id}/mismatch`, { choice: 'accept' });
    expect(code(choice)).toEqual([409, 'authenticity_not_requested']);
  });

  it('strangers see nothing and do nothing; parties and verifiers only their part', async () => {
    const { id, escrowId } = await arrived();
    const paths = ['receive', 'inspect', 'forward'].map((step) => `/authenticity/${escrowId}/${step}`);
    const bodies = [{}, MISMATCH, { carrier: 'UPS', trackingNumber: '2' }];
    for (const [index, path] of paths.entries()) {
      for (const name of ['buyer', 'seller', 'seller2', 'moderator'] as const) {
        expect([name, ...code(await as(name, 'POST', path, bodies[index]))]).toEqual([
          name,
          404,
          'authenticity_not_found',
        ]);
      }
      expect((await api.ask('POST', path, { body: bodies[index] })).status).toBe(401);
    }
    expect(code(await as('seller', 'GET', `/authenticity/${escrowId}`))).toEqual([404, 'authenticity_not_found']);
    expect((await as('verifier', 'GET', `/authenticity/${escrowId}`)).body).toMatchObject({ escrowId });
    expect(code(await as('seller2', 'GET', `/vendor-orders/${id}/authenticity`))).toEqual([
      404,
      'vendor_order_not_found',
    ]);
    expect(code(await as('buyer', 'GET', '/authenticity'))).toEqual([403, 'forbidden']);
    expect(code(await as('admin', 'POST', `/authenticity/${escrowId}/inspect`, MISMATCH))).toEqual([403, 'forbidden']);
    await as('verifier', 'POST', `/authenticity/${escrowId}/inspect`, MISMATCH);
    expect(code(await as('seller', 'POST', `/vendor-orders/${id}/mismatch`, { choice: 'accept' }))).toEqual([
      403,
      'forbidden',
    ]);
    expect(code(await as('admin', 'POST', `/vendor-orders/${id}/mismatch`, { choice: 'accept' }))).toEqual([
      403,
      'forbidden',
    ]);
  });

  it('another verifier does not see what is assigned to this one', async () => {
    const { escrowId } = await arrived();
    await api.sql(`update user_account set roles = array['user', 'verifier'] where id = ?`, [ids.moderator]);
    expect(code(await as('moderator', 'POST', `/authenticity/${escrowId}/inspect`, MISMATCH))).toEqual([
      404,
      'authenticity_not_found',
    ]);
    const queue = await as('moderator', 'GET', '/authenticity');
    expect(list(queue.body.data)).toEqual([]);
    await api.sql(`update user_account set roles = array['user', 'moderator'] where id = ?`, [ids.moderator]);
  });

  it.each([
    ['no note', { ...MISMATCH, note: '  ' }],
    ['an unknown condition', { ...MISMATCH, condition: 'so-so' }],
    ['an unknown result', { ...MISMATCH, result: 'maybe' }],
    ['a field nobody knows', { ...MISMATCH, refundMinor: 1 }],
    ['no grade', { ...MISMATCH, condition: undefined }],
    ['a lower price of nothing', { ...MISMATCH, lowerPriceMinor: 0 }],
    ['a lower price for what passed', { ...MISMATCH, result: 'passed' }],
    ['a lower price above the price', { ...MISMATCH, lowerPriceMinor: 10_001 }],
  ])('an inspection with %s', async (_what, body) => {
    const { escrowId } = await arrived();
    expect((await as('verifier', 'POST', `/authenticity/${escrowId}/inspect`, body)).status).toBe(422);
  });
});
