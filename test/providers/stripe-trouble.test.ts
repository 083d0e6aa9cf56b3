/** The adapter when things go wrong; only the simulator can make them go wrong on demand. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createStripeProvider } from '../../providers/payments/stripe/stripe-provider.ts';
import {
  buyerPays,
  newOrderId,
  paymentInput,
  providerErrorOf,
  type SimulatorHarness,
  startSimulatorHarness,
} from './support/harness.ts';

const HOUR_MS = 3_600_000;

let harness: SimulatorHarness;
beforeEach(async () => {
  harness = await startSimulatorHarness({ searchLagMs: 60_000 });
});
afterEach(() => harness.close());

const intents = async (): Promise<number> => (await harness.stripe.paymentIntents.list({ limit: 100 })).data.length;

describe('idempotency keys', () => {
  it('find the payment after a day instead of making a second one', async () => {
    const input = paymentInput();
    const first = await harness.provider.createPayment(input);
    harness.simulator.control.advanceClock(25 * HOUR_MS);
    expect(await harness.provider.findPayment(input)).toEqual(first);
    const second = await harness.provider.createPayment(input);
    expect(second.providerObjectId).not.toBe(first.providerObjectId);
  });

  it('search may miss a payment that is seconds old, and finds it once it was tried', async () => {
    const input = paymentInput();
    const { providerObjectId } = await harness.provider.createPayment(input);
    expect(await harness.provider.findPayment(input)).toBeNull();
    await buyerPays(harness, providerObjectId);
    expect(await harness.provider.findPayment(input)).toMatchObject({ providerObjectId });
  });

  it('are sent as given with every POST', async () => {
    const input = paymentInput({ capture: 'on_release' });
    const { providerObjectId } = await harness.provider.createPayment(input);
    await buyerPays(harness, providerObjectId);
    harness.simulator.control.clearRequests();
    const capture = { providerObjectId, amountMinor: 10_000, currency: 'USD', idempotencyKey: 'k:capture' } as const;
    const { chargeId } = await harness.provider.capturePayment(capture);
    await harness.provider.refund({ ...capture, amountMinor: 100, idempotencyKey: 'k:refund', reference: 'r' });
    const destinationAccount = 'acct_sim_seller';
    await harness.provider.transfer({
      ...capture,
      amountMinor: 100,
      idempotencyKey: 'k:transfer',
      destinationAccount,
      sourceCharge: chargeId,
      orderId: newOrderId(),
      reference: 't',
    });
    await harness.provider.cancelPayment({ providerObjectId, idempotencyKey: 'k:cancel' });
    const posts = harness.simulator.control.requests().filter(({ method }) => method === 'POST');
    expect(posts.map(({ idempotencyKey }) => idempotencyKey)).toEqual([
      'k:capture',
      'k:refund',
      'k:transfer',
      'k:cancel',
    ]);
    expect(new Set(posts.map(({ apiVersion }) => apiVersion))).toEqual(new Set(['2026-10-28.endive']));
    expect(posts.every(({ stripeAccount }) => stripeAccount === null)).toBe(true);
  });

  it('answer 409 while the first request is still running', async () => {
    const input = paymentInput();
    const arrived = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const hook = () => {
      arrived.resolve();
      return goOn.promise;
    };
    harness.simulator.control.failNext({ when: 'after', action: 'wait', hook });
    const first = harness.provider.createPayment(input);
    await arrived.promise;
    const error = await providerErrorOf(harness.provider.createPayment(input));
    expect(error).toMatchObject({ kind: 'conflict', code: 'idempotency_key_in_use', retryable: true });
    goOn.resolve();
    const payment = await first;
    expect(await harness.provider.createPayment(input)).toEqual(payment);
  });
});

describe('an unknown outcome', () => {
  it('of a lost answer is settled by repeating the key', async () => {
    const input = paymentInput();
    harness.simulator.control.failNext({ method: 'POST', when: 'after', action: 'reset', times: 2 });
    expect(await providerErrorOf(harness.provider.createPayment(input))).toMatchObject({
      kind: 'unavailable',
      code: 'connection_error',
      retryable: true,
    });
    await harness.provider.createPayment(input);
    expect(await intents()).toBe(1);
  });

  it('of a request that never arrived is settled by repeating the key', async () => {
    const input = paymentInput();
    harness.simulator.control.failNext({ method: 'POST', when: 'before', action: 'reset', times: 2 });
    expect((await providerErrorOf(harness.provider.createPayment(input))).retryable).toBe(true);
    expect(await intents()).toBe(0);
    await harness.provider.createPayment(input);
    expect(await intents()).toBe(1);
  });

  it('of a 500 after the effect stays a 500 under its key, so the object is looked up', async () => {
    const { providerObjectId } = await harness.provider.createPayment(paymentInput());
    await buyerPays(harness, providerObjectId);
    const { chargeId } = await harness.provider.retrievePayment(providerObjectId);
    const input = {
      idempotencyKey: 'escrow/1:payout',
      amountMinor: 5_000,
      currency: 'USD',
      destinationAccount: 'acct_sim_seller',
      sourceCharge: chargeId,
      orderId: newOrderId(),
      reference: 'release',
    } as const;
    harness.simulator.control.failNext({ path: '/v1/transfers', when: 'after', action: 'error' });
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const error = await providerErrorOf(harness.provider.transfer(input));
      expect(error.kind).toBe('unavailable');
    }
    expect(await harness.provider.findTransfer(input)).toMatchObject({ amountMinor: 5_000 });
    expect((await harness.stripe.transfers.list()).data).toHaveLength(1);
  });

  it('is told apart from a 500 that Stripe says not to repeat', async () => {
    harness.simulator.control.failNext({ when: 'before', action: 'error' });
    expect((await providerErrorOf(harness.provider.createPayment(paymentInput()))).retryable).toBe(true);
    harness.simulator.control.failNext({ when: 'after', action: 'error' });
    expect((await providerErrorOf(harness.provider.createPayment(paymentInput()))).retryable).toBe(false);
  });

  it('of a rate limit or a lock is retryable and not kept', async () => {
    for (const action of ['rate_limit', 'lock_timeout'] as const) {
      const input = paymentInput();
      harness.simulator.control.failNext({ when: 'before', action });
      expect(await providerErrorOf(harness.provider.createPayment(input))).toMatchObject({
        kind: 'unavailable',
        code: action,
        retryable: true,
      });
      await harness.provider.createPayment(input);
    }
  });

  it('of a Stripe that cannot be reached or does not answer in time is retryable', async () => {
    const settings = { secretKey: 'sk_test_x', webhookSecrets: [] };
    const unreachable = createStripeProvider({ ...settings, apiBase: 'http://127.0.0.1:1' });
    expect(await providerErrorOf(unreachable.createPayment(paymentInput()))).toMatchObject({
      kind: 'unavailable',
      retryable: true,
    });
    const impatient = createStripeProvider({ ...settings, apiBase: harness.simulator.url, timeoutMs: 50 });
    harness.simulator.control.failNext({ when: 'before', action: 'wait', waitMs: 200 });
    expect(await providerErrorOf(impatient.createPayment(paymentInput()))).toMatchObject({
      kind: 'unavailable',
      code: 'connection_error',
      retryable: true,
    });
  });
});

describe('an error', () => {
  it('carries no request, no key and no message of Stripe', async () => {
    const provider = createStripeProvider({
      secretKey: 'pk_wrong_kind_of_key',
      webhookSecrets: [],
      apiBase: harness.simulator.url,
    });
    const error = await providerErrorOf(provider.createPayment(paymentInput({ description: 'private words' })));
    expect(error).toMatchObject({ kind: 'unavailable', code: 'authentication_failed' });
    expect(Object.keys(error).toSorted()).toEqual(['code', 'kind', 'name', 'requestId', 'retryable']);
    expect(`${error.message} ${JSON.stringify(error)}`).not.toMatch(/pk_wrong|private words|Bearer/);
    expect(error.cause).toBeUndefined();
    expect(error.requestId).toMatch(/^req_/);
  });

  it('of an amount that Stripe cannot express is refused before it is sent', async () => {
    const input = paymentInput({ currency: 'KWD', amountMinor: 1_234 });
    await expect(harness.provider.createPayment(input)).rejects.toMatchObject({ code: 'amount_out_of_range' });
    expect(harness.simulator.control.requests()).toEqual([]);
  });
});

describe('the buyer at the bank', () => {
  it.each([
    [true, 'succeeded', null],
    [false, 'requires_payment_method', 'payment_intent_authentication_failure'],
  ] as const)('approving (%s) ends in %s', async (approved, status, failureCode) => {
    const { providerObjectId } = await harness.provider.createPayment(paymentInput());
    await buyerPays(harness, providerObjectId, 'pm_card_authenticationRequired');
    const asked = await harness.provider.retrievePayment(providerObjectId);
    expect(asked.status).toBe('requires_action');
    expect(asked.approvalUrl).toContain(`${harness.simulator.url}/authenticate/${providerObjectId}`);
    harness.simulator.control.authenticate(providerObjectId, approved);
    expect(await harness.provider.retrievePayment(providerObjectId)).toMatchObject({ status, failureCode });
  });

  it('pays by UPI through a page of its own', async () => {
    const input = paymentInput({ method: 'upi', currency: 'INR' });
    const { providerObjectId } = await harness.provider.createPayment(input);
    await harness.stripe.paymentIntents.confirm(providerObjectId, { payment_method_data: { type: 'upi' } });
    harness.simulator.control.authenticate(providerObjectId, true);
    expect(await harness.provider.retrievePayment(providerObjectId)).toMatchObject({ status: 'succeeded' });
  });

  it('loses an authorisation that nobody captured in time', async () => {
    const { providerObjectId } = await harness.provider.createPayment(paymentInput({ capture: 'on_release' }));
    await buyerPays(harness, providerObjectId);
    const { captureBefore } = await harness.provider.retrievePayment(providerObjectId);
    const leftMs = Date.parse(captureBefore ?? '') - Date.now();
    harness.simulator.control.advanceClock(leftMs - 5_000);
    expect((await harness.provider.retrievePayment(providerObjectId)).status).toBe('authorized');
    harness.simulator.control.advanceClock(6_000);
    expect((await harness.provider.retrievePayment(providerObjectId)).status).toBe('cancelled');
  });
});

describe('transfers', () => {
  const orderId = newOrderId();
  const transfer = async (amountMinor: number, sourceCharge: string | null, key: string) =>
    harness.provider.transfer({
      idempotencyKey: key,
      amountMinor,
      currency: 'USD',
      destinationAccount: 'acct_sim_seller',
      sourceCharge,
      orderId,
      reference: key,
    });
  const paidCharge = async (): Promise<string> => {
    const { providerObjectId } = await harness.provider.createPayment(paymentInput());
    await buyerPays(harness, providerObjectId);
    return (await harness.provider.retrievePayment(providerObjectId)).chargeId ?? '';
  };

  it('from one charge never exceed it together', async () => {
    const charge = await paidCharge();
    await transfer(6_000, charge, 'a');
    expect((await providerErrorOf(transfer(4_001, charge, 'b'))).kind).toBe('invalid');
    await transfer(4_000, charge, 'c');
    expect(harness.simulator.control.balances('acct_sim_seller').get('usd')).toEqual({ available: 0, pending: 10_000 });
    harness.simulator.control.advanceClock(49 * HOUR_MS);
    expect(harness.simulator.control.balances('acct_sim_seller').get('usd')).toEqual({ available: 10_000, pending: 0 });
  });

  it('without a source need an available balance, and the refusal stays under its key', async () => {
    await paidCharge();
    const error = await providerErrorOf(transfer(1_000, null, 'd'));
    expect(error).toMatchObject({ kind: 'conflict', code: 'balance_insufficient' });
    harness.simulator.control.addBalance({ account: 'platform', currency: 'usd', amount: 5_000 });
    expect((await providerErrorOf(transfer(1_000, null, 'd'))).code).toBe('balance_insufficient');
    expect(await transfer(1_000, null, 'e')).toMatchObject({ amountMinor: 1_000 });
  });

  it('wait for the seller to have the capability', async () => {
    const charge = await paidCharge();
    harness.simulator.control.setTransfersCapability('acct_sim_seller', 'inactive');
    const error = await providerErrorOf(transfer(1_000, charge, 'f'));
    expect(error).toMatchObject({ kind: 'conflict', code: 'insufficient_capabilities_for_transfer' });
  });

  it('can be reversed as far as the seller still has the money', async () => {
    const { id } = await transfer(8_000, await paidCharge(), 'g');
    await harness.stripe.transfers.createReversal(id, { amount: 3_000 });
    expect(await harness.stripe.transfers.retrieve(id)).toMatchObject({ amount_reversed: 3_000, reversed: false });
    harness.simulator.control.addBalance({ account: 'acct_sim_seller', currency: 'usd', amount: -4_500 });
    await expect(harness.stripe.transfers.createReversal(id)).rejects.toMatchObject({ code: 'balance_insufficient' });
  });
});
