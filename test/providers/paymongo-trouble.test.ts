/** GCash and Maya while the network or PayMongo fails: lost answers do no harm, and errors say what may help. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { FaultRule } from '../../dev/simulators/shared/fault-rules.ts';
import { providerErrorOf } from './support/harness.ts';
import { startWalletHarness, type WalletHarness, walletAt, walletInput } from './support/wallet-harness.ts';

let harness: WalletHarness;
beforeAll(async () => {
  harness = await startWalletHarness('gcash');
});
afterEach(() => harness.simulator.control.clearFaults());
afterAll(() => harness.close());

const failNext = (rule: FaultRule) => harness.simulator.control.failNext(rule);

describe('an answer that gets lost', () => {
  it.each(['/payment_intents', '/payment_methods', '/attach'])(
    'to %s leaves nothing behind that could be paid, and the next try makes a payment',
    async (path) => {
      const input = walletInput();
      failNext({ method: 'POST', path, when: 'after', action: 'reset' });
      expect(await providerErrorOf(harness.provider.createPayment(input))).toMatchObject({
        kind: 'unavailable',
        code: 'connection_error',
        retryable: true,
      });
      const { approvalUrl, providerObjectId } = await harness.provider.createPayment(input);
      await harness.buyer.pay(approvalUrl ?? '');
      const paid = harness.simulator.control.events().filter(({ attributes }) => attributes.type === 'payment.paid');
      const ours = paid.filter(({ attributes }) => JSON.stringify(attributes.data).includes(input.paymentId));
      expect(ours).toHaveLength(1);
      expect((await harness.provider.retrievePayment(providerObjectId)).status).toBe('succeeded');
    },
  );

  it.each(['reset', 'error'] as const)('to a refund (%s) does not refund twice', async (action) => {
    const { providerObjectId } = await harness.paid();
    const refund = {
      providerObjectId,
      amountMinor: 4_000,
      currency: 'PHP',
      idempotencyKey: 'k',
      reference: 'r',
    } as const;
    failNext({ method: 'POST', path: '/refunds', when: 'after', action });
    expect(await providerErrorOf(harness.provider.refund(refund))).toMatchObject({
      kind: 'unavailable',
      retryable: true,
    });
    const again = await harness.provider.refund(refund);
    expect(await harness.provider.findRefund(refund)).toEqual(again);
    expect((await harness.provider.retrievePayment(providerObjectId)).amountRefundedMinor).toBe(4_000);
  });

  it('to a cancellation is made good by the next one', async () => {
    const { providerObjectId } = await harness.provider.createPayment(walletInput());
    const cancel = { providerObjectId, idempotencyKey: 'k' };
    failNext({ path: '/cancel', when: 'after', action: 'reset' });
    expect((await providerErrorOf(harness.provider.cancelPayment(cancel))).retryable).toBe(true);
    expect((await harness.provider.cancelPayment(cancel)).status).toBe('cancelled');
  });
});

describe('trouble', () => {
  it.each([
    ['rate_limit', { code: 'rate_limited' }],
    ['error', { code: 'internal_server_error' }],
  ] as const)('of the kind %s may pass', async (action, expected) => {
    failNext({ when: 'before', action });
    const error = await providerErrorOf(harness.provider.createPayment(walletInput()));
    expect(error).toMatchObject({ kind: 'unavailable', retryable: true, ...expected });
  });

  it('of a key that is wrong is the operator’s, so payments wait', async () => {
    const revoked = walletAt('gcash', harness.simulator.url, { secretKey: 'pk_test_public' });
    expect(await providerErrorOf(revoked.createPayment(walletInput()))).toMatchObject({
      kind: 'unavailable',
      code: 'authentication_failed',
      retryable: true,
    });
  });

  it('of a network without an answer is unavailable', async () => {
    const nobody = walletAt('paymaya', 'http://127.0.0.1:9');
    expect((await providerErrorOf(nobody.retrievePayment('pi_1'))).code).toBe('connection_error');
    failNext({ when: 'before', action: 'wait', waitMs: 200 });
    const impatient = walletAt('gcash', harness.simulator.url, { timeoutMs: 50 });
    expect((await providerErrorOf(impatient.retrievePayment('pi_1'))).code).toBe('connection_error');
  });

  it('never tells the request or the key', async () => {
    const told = await providerErrorOf(harness.provider.retrievePayment('pi_private words'));
    expect(`${told.message} ${JSON.stringify(told)} ${String(told.cause)}`).not.toMatch(/private|sk_test/);
  });

  it('cannot come from an id that looks like a path', async () => {
    const error = await providerErrorOf(harness.provider.retrievePayment('pi_1/../../_control/events'));
    expect(error).toMatchObject({ kind: 'invalid', code: 'resource_not_found' });
  });

  it('of a base address that is not http shows at the start', () => {
    expect(() => walletAt('gcash', 'ftp://example.test')).toThrow(/not an http/);
  });
});
