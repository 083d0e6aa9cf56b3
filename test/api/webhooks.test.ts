/** Webhooks at the door: only signed, fresh events come in, each once. */

import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import Stripe from 'stripe';
import { signPayload } from '../../dev/simulators/paymongo/sign.ts';
import { createTestApi, type TestApi, WEBHOOK_SECRET } from './support/test-api.ts';

let api: TestApi;
const stripe = new Stripe('sk_test_x');

beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.close());
beforeEach(() => api.sql(`delete from webhook_inbox`));

let counter = 0;
function event(changes: object = {}) {
  counter += 1;
  const object = { id: 'pi_1', object: 'payment_intent' };
  return {
    id: `evt_${counter}`,
    object: 'event',
    type: 'payment_intent.succeeded',
    livemode: false,
    data: { object },
    ...changes,
  };
}

function signature(payload: string, options: { secret?: string; ageSeconds?: number } = {}): string {
  const timestamp = Math.floor(Date.now() / 1_000) - (options.ageSeconds ?? 0);
  return stripe.webhooks.generateTestHeaderString({ payload, secret: options.secret ?? WEBHOOK_SECRET, timestamp });
}

const send = (raw: string, header?: string) =>
  api.ask('POST', '/webhooks/stripe', { raw, headers: header === undefined ? {} : { 'Stripe-Signature': header } });

const stored = () =>
  api.sql<{ event_id: string; payload: object; status: string }>(`select * from webhook_inbox order by id`);

describe('POST /webhooks/stripe', () => {
  it('keeps a signed event as it came before it says thank you', async () => {
    const sent = event();
    const raw = JSON.stringify(sent, null, 2);
    expect((await send(raw, signature(raw))).status).toBe(200);
    expect(await stored()).toMatchObject([{ event_id: sent.id, payload: sent, status: 'new', livemode: false }]);
  });

  it('keeps an event once, however often and however parallel it comes', async () => {
    const raw = JSON.stringify(event());
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(raw, signature(raw))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await stored()).toHaveLength(1);
  });

  it('wakes the relay', async () => {
    const relay = new pg.Client({ connectionString: api.databaseUrl });
    await relay.connect();
    try {
      await relay.query('listen webhook_inbox');
      const woken = once(relay, 'notification');
      const raw = JSON.stringify(event());
      await send(raw, signature(raw));
      await woken;
    } finally {
      await relay.end();
    }
  });

  it.each<[string, (raw: string) => { raw: string; header?: string }]>([
    ['another secret', (raw) => ({ raw, header: signature(raw, { secret: 'whsec_other' }) })],
    ['a changed byte', (raw) => ({ raw: raw.replace('pi_1', 'pi_2'), header: signature(raw) })],
    [
      'the same JSON written otherwise',
      (raw) => ({ raw: JSON.stringify(JSON.parse(raw), null, 1), header: signature(raw) }),
    ],
    ['a signature of more than five minutes', (raw) => ({ raw, header: signature(raw, { ageSeconds: 301 }) })],
    ['no signature', (raw) => ({ raw })],
    ['an empty signature', (raw) => ({ raw, header: '' })],
    ['only an outdated scheme', (raw) => ({ raw, header: signature(raw).replace('v1=', 'v0=') })],
    [
      'a live event at a test endpoint',
      () => {
        const raw = JSON.stringify(event({ livemode: true }));
        return { raw, header: signature(raw) };
      },
    ],
    ['no JSON, but signed', () => ({ raw: 'hello', header: signature('hello') })],
  ])('refuses %s and keeps nothing', async (_title, forge) => {
    const { raw, header } = forge(JSON.stringify(event()));
    const answer = await send(raw, header);
    expect([answer.status, answer.body.code]).toEqual([400, 'signature_invalid']);
    expect(await stored()).toHaveLength(0);
  });
});

describe('POST /webhooks/paymongo', () => {
  const SECRET = 'whsk_holdfast_development';
  const nowS = () => Math.floor(Date.now() / 1_000);
  const paid = (livemode = false) => {
    counter += 1;
    const data = { id: 'pay_1', type: 'payment', attributes: { amount: 10_000, status: 'paid' } };
    const attributes = { type: 'payment.paid', livemode, data };
    return { data: { id: `evt_${counter}`, type: 'event', attributes } };
  };
  const deliver = (raw: string, header?: string) =>
    api.ask('POST', '/webhooks/paymongo', {
      raw,
      headers: header === undefined ? {} : { 'Paymongo-Signature': header },
    });

  it('keeps a signed event as it came, once, however often it comes', async () => {
    const sent = paid();
    const raw = JSON.stringify(sent, null, 2);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => deliver(raw, signPayload(raw, [SECRET], nowS()))),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const kept = { provider: 'paymongo', event_id: sent.data.id, type: 'payment.paid', payload: sent, status: 'new' };
    expect(await stored()).toMatchObject([{ ...kept, livemode: false }]);
  });

  it('keeps the same event id of two providers apart', async () => {
    const raw = JSON.stringify(paid());
    await deliver(raw, signPayload(raw, [SECRET], nowS()));
    const stripes = JSON.stringify(event({ id: `evt_${counter - 1}` }));
    await send(stripes, signature(stripes));
    expect(await stored()).toHaveLength(2);
  });

  it.each<[string, (raw: string) => { raw: string; header?: string }]>([
    ['another secret', (raw) => ({ raw, header: signPayload(raw, ['whsk_other'], nowS()) })],
    ["Stripe's secret", (raw) => ({ raw, header: signPayload(raw, [WEBHOOK_SECRET], nowS()) })],
    ['a changed byte', (raw) => ({ raw: raw.replace('10000', '90000'), header: signPayload(raw, [SECRET], nowS()) })],
    ['a replay after five minutes', (raw) => ({ raw, header: signPayload(raw, [SECRET], nowS() - 301) })],
    ['no signature', (raw) => ({ raw })],
    ['a live signature', (raw) => ({ raw, header: signPayload(raw, [SECRET], nowS(), 'live') })],
    [
      'a live event at a test endpoint',
      () => {
        const raw = JSON.stringify(paid(true));
        return { raw, header: signPayload(raw, [SECRET], nowS()) };
      },
    ],
    ['no JSON, but signed', () => ({ raw: 'hello', header: signPayload('hello', [SECRET], nowS()) })],
  ])('refuses %s and keeps nothing', async (_title, forge) => {
    const { raw, header } = forge(JSON.stringify(paid()));
    const answer = await deliver(raw, header);
    expect([answer.status, answer.body.code]).toEqual([400, 'signature_invalid']);
    expect(await stored()).toHaveLength(0);
  });
});
