/** The simulator as a stand-in: what Stripe refuses, it refuses; what people and tests do to it over HTTP. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { paymentInput, type SimulatorHarness, startSimulatorHarness } from './support/harness.ts';

let harness: SimulatorHarness;
beforeEach(async () => {
  harness = await startSimulatorHarness();
});
afterEach(() => harness.close());

const send = (
  path: string,
  init: { method?: string; form?: Record<string, string>; json?: unknown; key?: string } = {},
) =>
  fetch(`${harness.simulator.url}${path}`, {
    method: init.method ?? (init.form || init.json ? 'POST' : 'GET'),
    redirect: 'manual',
    headers: init.key === undefined ? {} : { Authorization: `Bearer ${init.key}` },
    body: init.form ? new URLSearchParams(init.form) : init.json === undefined ? null : JSON.stringify(init.json),
  });

describe("a buyer's browser", () => {
  it('confirms with the client secret alone and sees no metadata', async () => {
    const { providerObjectId, clientSecret } = await harness.provider.createPayment(paymentInput());
    const form = { client_secret: clientSecret ?? '', payment_method: 'pm_card_visa' };
    const response = await send(`/v1/payment_intents/${providerObjectId}/confirm`, { form });
    expect(response.status).toBe(200);
    expect(response.headers.get('Request-Id')).toMatch(/^req_/);
    const body: unknown = await response.json();
    expect(body).toMatchObject({ id: providerObjectId, status: 'succeeded' });
    expect(body).not.toHaveProperty('metadata');
  });

  it.each([
    ['a wrong client secret', { client_secret: 'pi_x_secret_y', payment_method: 'pm_card_visa' }, 400],
    ['no client secret', { payment_method: 'pm_card_visa' }, 401],
  ])('is refused with %s', async (_title, form, status) => {
    const { providerObjectId } = await harness.provider.createPayment(paymentInput());
    const response = await send(`/v1/payment_intents/${providerObjectId}/confirm`, { form });
    expect(response.status).toBe(status);
    expect((await harness.provider.retrievePayment(providerObjectId)).status).toBe('requires_payment_method');
  });

  it('gets a decline as 402 with the PaymentIntent inside', async () => {
    const { providerObjectId, clientSecret } = await harness.provider.createPayment(paymentInput());
    const form = { client_secret: clientSecret ?? '', payment_method: 'pm_card_chargeDeclined' };
    const response = await send(`/v1/payment_intents/${providerObjectId}/confirm`, { form });
    expect(response.status).toBe(402);
    expect(await response.json()).toMatchObject({
      error: {
        type: 'card_error',
        code: 'card_declined',
        decline_code: 'generic_decline',
        payment_intent: { id: providerObjectId, status: 'requires_payment_method' },
      },
    });
  });

  it('may do nothing else', async () => {
    expect((await send('/v1/balance')).status).toBe(401);
    expect((await send('/v1/payment_intents', { form: { client_secret: 'x', amount: '100' } })).status).toBe(401);
  });
});

describe('a request that Stripe would refuse', () => {
  const good = { amount: '1000', currency: 'usd' };
  it.each<[string, Record<string, string>, string]>([
    ['an unknown parameter', { ...good, colour: 'red' }, 'parameter_unknown'],
    ['a missing amount', { currency: 'usd' }, 'parameter_missing'],
    ['a broken amount', { ...good, amount: '10.5' }, 'parameter_invalid'],
    ['a tiny amount', { ...good, amount: '49' }, 'amount_too_small'],
    ['a huge amount', { ...good, amount: '100000000' }, 'amount_too_large'],
    ['an unknown currency', { ...good, currency: 'xxx' }, 'parameter_invalid_enum'],
    [
      'the parameter for methods of older versions',
      { ...good, 'payment_method_types[0]': 'card' },
      'payment_method_types_no_longer_supported',
    ],
    [
      'a method of another country',
      { ...good, 'allowed_payment_method_types[0]': 'upi' },
      'payment_intent_invalid_parameter',
    ],
  ])('is refused here too: %s', async (_title, form, code) => {
    const response = await send('/v1/payment_intents', { form, key: 'sk_test_x' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', code } });
  });

  it('does not use up its idempotency key when it fails validation', async () => {
    const create = (amount: number) =>
      harness.stripe.paymentIntents.create({ amount, currency: 'usd' }, { idempotencyKey: 'k' });
    await expect(create(1)).rejects.toMatchObject({ code: 'amount_too_small' });
    expect((await create(100)).amount).toBe(100);
  });

  it('is an unknown address', async () => {
    expect((await send('/v1/unicorns', { key: 'sk_test_x' })).status).toBe(404);
  });
});

describe('the page for people', () => {
  it('lists payments, and its buttons act as the buyer', async () => {
    const { providerObjectId } = await harness.provider.createPayment(paymentInput({ description: '<b>Mug</b>' }));
    const press = (action: string) => send(`/page/payments/${providerObjectId}/${action}`, { method: 'POST' });
    const page = await (await send('/')).text();
    expect(page).toContain(providerObjectId);
    expect(page).toContain('100.00 USD');
    expect(page).toContain('&lt;b&gt;Mug');
    expect((await press('decline')).status).toBe(303);
    expect((await harness.provider.retrievePayment(providerObjectId)).failureCode).toBe('generic_decline');
    await press('challenge');
    const { approvalUrl } = await harness.provider.retrievePayment(providerObjectId);
    expect(await (await fetch(approvalUrl ?? '')).text()).toContain('Your bank asks');
    await press('approve');
    expect((await harness.provider.retrievePayment(providerObjectId)).status).toBe('succeeded');
    await press('charge_back');
    expect(await (await send('/')).text()).toContain('The bank: won');
    await press('bank_agrees');
    const { data } = await harness.stripe.disputes.list({ payment_intent: providerObjectId });
    expect(data.map(({ status }) => status)).toEqual(['lost']);
  });
});

describe('the control routes', () => {
  it('record requests, break them, move the clock and change webhooks', async () => {
    await send('/_control/faults', { json: { when: 'before', action: 'rate_limit', path: '/v1/balance' } });
    await expect(harness.stripe.balance.retrieve()).rejects.toMatchObject({ statusCode: 429 });
    await harness.stripe.balance.retrieve();
    expect(await (await send('/_control/requests')).json()).toMatchObject({
      data: [
        { path: '/v1/balance', status: 429 },
        { path: '/v1/balance', status: 200 },
      ],
    });
    const { now } = (await (await send('/_control/clock', { json: { advanceMs: 3_600_000 } })).json()) as {
      now: string;
    };
    expect(Date.parse(now) - Date.now()).toBeGreaterThan(3_500_000);
    const webhooks = await send('/_control/webhooks', { json: { copies: 2, drop: 'all' } });
    expect(await webhooks.json()).toEqual({ delayMs: 0, copies: 2, shuffleMs: 0, drop: 'all' });
  });

  it('refuse what they do not understand', async () => {
    expect((await send('/_control/webhooks', { json: { copies: 0 } })).status).toBe(400);
    expect((await send('/_control/faults', { json: { when: 'sometimes', action: 'error' } })).status).toBe(400);
  });

  it('fail a refund that had succeeded', async () => {
    const { providerObjectId } = await harness.provider.createPayment(paymentInput());
    await harness.stripe.paymentIntents.confirm(providerObjectId, { payment_method: 'pm_card_visa' });
    const refund = {
      providerObjectId,
      amountMinor: 10_000,
      currency: 'USD',
      idempotencyKey: 'r',
      reference: 'r',
    } as const;
    const { id } = await harness.provider.refund(refund);
    await send(`/_control/refunds/${id}/fail`, { method: 'POST' });
    expect(await harness.provider.findRefund({ providerObjectId, reference: 'r' })).toMatchObject({ status: 'failed' });
    expect(harness.simulator.control.events().at(-1)?.type).toBe('refund.failed');
  });
});
