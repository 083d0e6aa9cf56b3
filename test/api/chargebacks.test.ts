/** Chargebacks and debts over HTTP: administrators see and act, sellers see what they owe, nobody else anything. */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiError } from '../../api/errors.ts';
import { postJournals } from '../../db/ledger/post.ts';
import { newId } from '../../db/new-id.ts';
import type { EscrowId, OrderId, PaymentId, UserId } from '../../domain/ids.ts';
import { clawedBack } from '../../domain/postings.ts';
import { createTestApi, type Json, list, type TestApi } from './support/test-api.ts';

const CHARGEBACK = 'dp_1ApiTest';
const UNKNOWN = 'dp_2Unknown';
const BASE = `/admin/chargebacks/${CHARGEBACK}`;

let api: TestApi;
let sellerId: UserId;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  api = await createTestApi();
  for (const name of ['buyer', 'seller', 'moderator', 'admin'] as const) tokens[name] = await api.signIn(name);
  await lostChargeback();
});
afterAll(() => api.close());
beforeEach(() => {
  api.gateway.calls.length = 0;
  api.gateway.before = () => {};
});

/** An order of the demo's first seller, charged back after its release; 600 of 1,000 are owed. */
async function lostChargeback(): Promise<void> {
  const body = {
    lines: [{ listingId: (await api.listing()).id, quantity: 1 }],
    payment: { provider: 'stripe' },
    shippingAddress: { name: 'Ada Lovelace', line1: '1 Row', city: 'London', postalCode: 'N1', country: 'GB' },
  };
  const { order } = (await api.ask('POST', '/orders', { token: tokens.buyer, key: 'an order', body })).body;
  const escrowId = order.vendorOrders[0]?.escrowId as EscrowId;
  const orderId = order.id as OrderId;
  await api.sql(
    `insert into escrow (id, order_id, vendor_order_id, buyer_id, seller_id, status, phase, currency, held_minor, captured,
       next_action_kind)
     select escrow_id, order_id, id, buyer_id, vendor_id, 'released', 'released', currency, gross_minor, true, 'none'
     from vendor_order`,
  );
  const [payment] = await api.sql<{ id: PaymentId; seller_id: UserId }>(
    'select p.id, e.seller_id from payment p join escrow e on e.order_id = p.order_id',
  );
  sellerId = payment?.seller_id ?? newId('user');
  await api.sql(
    `insert into chargeback (id, payment_id, order_id, provider, currency, amount_minor, reason, status, fee_minor,
       evidence_due_by, opened_at, closed_at, settled_at)
     values (?, ?, ?, 'stripe', 'USD', 1000, 'product_not_received', 'lost', 1500, '2026-03-15', '2026-03-08', now(), now())`,
    [CHARGEBACK, payment?.id, orderId],
  );
  const part = [CHARGEBACK, escrowId];
  await api.sql('insert into chargeback_share values (?, ?, 1000, 0)', part);
  await api.sql(
    `insert into claw_back (chargeback_id, escrow_id, order_id, seller_id, currency, amount_minor, reversed_minor,
       wallet_minor, owed_minor, claimed_at, taken_at)
     values (?, ?, ?, ?, 'USD', 1000, 300, 100, 600, now(), now())`,
    [...part, orderId, sellerId],
  );
  const claim = { escrowId, orderId, provider: 'stripe', currency: 'USD', reference: CHARGEBACK } as const;
  const debt = clawedBack({ ...claim, sellerId, amountMinor: 600, walletBalanceMinor: 0 });
  await postJournals(api.deps.orm.em.fork(), [debt]);
}

const asAdmin = (method: string, path: string, more: object = {}) =>
  api.ask(method, path, { token: tokens.admin, ...more });

describe('an administrator', () => {
  it('sees chargebacks, who carries them and what was claimed back', async () => {
    const page = await asAdmin('GET', '/admin/chargebacks?status=lost');
    expect(page.status).toBe(200);
    expect(list(page.body.data).map(({ id }) => id)).toEqual([CHARGEBACK]);
    expect(list((await asAdmin('GET', '/admin/chargebacks?status=open')).body.data)).toEqual([]);
    const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' });
    const { body } = await asAdmin('GET', BASE);
    expect(body).toMatchObject({
      id: CHARGEBACK,
      status: 'lost',
      amount: usd(1_000),
      fee: usd(1_500),
      shares: [
        {
          amount: usd(1_000),
          fromHold: usd(0),
          clawBack: { reversed: usd(300), fromWallet: usd(100), owed: usd(600), writtenOff: usd(0) },
        },
      ],
      evidence: { dueBy: '2026-03-15T00:00:00.000Z', sendAt: null, sentAt: null },
    });
  });

  it('reads the evidence as data and as a document', async () => {
    const { body } = await asAdmin('GET', `${BASE}/evidence`);
    expect(body).toMatchObject({
      format: 1,
      chargeback: { id: CHARGEBACK, reason: 'product_not_received' },
      buyer: { email: 'buyer@holdfast.test' },
      order: { shippingAddress: { name: 'Ada Lovelace' } },
      terms: { preset: 'multi-vendor' },
      timeline: [{ text: 'The order was placed and its goods are reserved.' }],
    });
    const answer = await api.app.request(`/api/v1${BASE}/evidence.pdf`, {
      headers: { Authorization: `Bearer ${tokens.admin}` },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('Content-Type')).toBe('application/pdf');
    expect(answer.headers.get('Content-Disposition')).toContain(`evidence-${CHARGEBACK}.pdf`);
    const document = Buffer.from(await answer.arrayBuffer()).toString('latin1');
    expect(document.slice(0, 5)).toBe('%PDF-');
    expect(document.trimEnd().endsWith('%%EOF')).toBe(true);
  });

  it('has the evidence sent by the workflow, once per key', async () => {
    const send = () => asAdmin('POST', `${BASE}/submit-evidence`, { body: {}, key: 'send it' });
    expect(await send()).toMatchObject({ status: 200, body: { id: CHARGEBACK } });
    await send();
    const [{ id: adminId } = { id: '' }] = await api.sql<{ id: string }>(
      `select id from user_account where email = 'admin@holdfast.test'`,
    );
    expect(api.gateway.calls).toMatchObject([{ name: 'submitEvidence', target: CHARGEBACK, arg: { adminId } }]);
  });

  it('is told where the bank does not listen any more', async () => {
    api.gateway.before = () => {
      throw new ApiError('dispute_closed');
    };
    const answer = await asAdmin('POST', `${BASE}/submit-evidence`, { body: {} });
    expect(answer).toMatchObject({ status: 409, body: { code: 'dispute_closed' } });
  });

  it.each([
    ['GET', ''],
    ['GET', '/evidence'],
    ['GET', '/evidence.pdf'],
    ['POST', '/submit-evidence'],
  ])('gets 404 for %s %s of a chargeback that is none', async (method, path) => {
    const body = method === 'POST' ? { body: {} } : {};
    const answer = await asAdmin(method, `/admin/chargebacks/${UNKNOWN}${path}`, body);
    expect(answer).toMatchObject({ status: 404, body: { code: 'chargeback_not_found' } });
    expect((await asAdmin(method, `/admin/chargebacks/nothing!${path}`, body)).status).toBe(404);
  });
});

describe('a debt', () => {
  const debtsOf = async (token = tokens.seller) =>
    (await api.ask('GET', '/wallet', { token })).body as Json & {
      receivables: unknown;
    };
  const writeOff = (body: object, key: string = crypto.randomUUID(), seller: string = sellerId) =>
    asAdmin('POST', `/admin/sellers/${seller}/write-offs`, { body, key });
  const some = { currency: 'USD', amountMinor: 250, reason: 'The shop has closed' };

  it('is shown to the seller who owes it, and to no other', async () => {
    expect((await debtsOf()).receivables).toEqual([{ amount: { amountMinor: 600, currency: 'USD' } }]);
    expect((await debtsOf(tokens.buyer)).receivables).toEqual([]);
  });

  it.each([
    ['more than is owed', { ...some, amountMinor: 601 }, 422, 'amount_out_of_range'],
    ['another currency', { ...some, currency: 'EUR' }, 422, 'amount_out_of_range'],
    ['nothing', { ...some, amountMinor: 0 }, 422, 'validation_failed'],
    ['half a cent', { ...some, amountMinor: 0.5 }, 422, 'validation_failed'],
    ['no reason', { ...some, reason: '  ' }, 422, 'validation_failed'],
    ['an unknown field', { ...some, seller: 'x' }, 422, 'validation_failed'],
  ])('is not written off by %s', async (_title, body, status, code) => {
    expect(await writeOff(body)).toMatchObject({ status, body: { code } });
    expect((await debtsOf()).receivables).toEqual([{ amount: { amountMinor: 600, currency: 'USD' } }]);
  });

  it('is not written off without a key, or for somebody who is nobody', async () => {
    const path = `/admin/sellers/${sellerId}/write-offs`;
    expect(await asAdmin('POST', path, { body: some })).toMatchObject({ body: { code: 'idempotency_key_required' } });
    expect((await writeOff(some, 'k', newId('user'))).status).toBe(404);
  });

  it('is written off once per key, with who and why', async () => {
    const answers = [await writeOff(some, 'first'), await writeOff(some, 'first')];
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(answers[1]?.body).toEqual(answers[0]?.body);
    expect(answers[0]?.body).toMatchObject({
      sellerId,
      writtenOff: { amountMinor: 250, currency: 'USD' },
      owed: { amountMinor: 350, currency: 'USD' },
    });
    const facts = await api.sql(`select actor_role, data ->> 'reason' as reason from domain_event where type = ?`, [
      'claw_back.written_off',
    ]);
    expect(facts).toEqual([{ actor_role: 'admin', reason: some.reason }]);
    expect((await debtsOf()).receivables).toEqual([{ amount: { amountMinor: 350, currency: 'USD' } }]);
    expect((await asAdmin('GET', BASE)).body).toMatchObject({
      shares: [{ clawBack: { owed: { amountMinor: 600 }, writtenOff: { amountMinor: 250 } } }],
    });
  });
});

describe('everybody else', () => {
  const ROUTES: [method: string, path: string, body: object | undefined][] = [
    ['GET', '/admin/chargebacks', undefined],
    ['GET', BASE, undefined],
    ['GET', `${BASE}/evidence`, undefined],
    ['GET', `${BASE}/evidence.pdf`, undefined],
    ['POST', `${BASE}/submit-evidence`, {}],
    ['POST', '/admin/sellers/{seller}/write-offs', { currency: 'USD', amountMinor: 1, reason: 'for me' }],
  ];

  it.each(ROUTES)('is kept out of %s %s', async (method, route, body) => {
    const path = route.replace('{seller}', sellerId);
    const ask = body === undefined ? {} : { body, key: 'mine' };
    for (const name of ['buyer', 'seller', 'moderator']) {
      expect([name, (await api.ask(method, path, { token: tokens[name], ...ask })).status]).toEqual([name, 403]);
    }
    expect((await api.ask(method, path, ask)).status).toBe(401);
    expect(api.gateway.calls).toEqual([]);
  });
});
