/** GCash and Maya: the adapter's contract on the simulator always, and on PayMongo's test mode where a key is given. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createPayMongoProviders } from '../../providers/payments/paymongo/paymongo-provider.ts';
import { providerErrorOf } from './support/harness.ts';
import { skipWithReason } from './support/skip.ts';
import { walletContract } from './support/wallet-contract.ts';
import { startWalletHarness, type WalletHarness, walletInput } from './support/wallet-harness.ts';

const HOURS_MS = 3_600_000;

describe.each([
  ['gcash', 'CLOSED', 'CLOSED'],
  ['paymaya', 'generic_decline', 'unknown_error'],
] as const)('the PayMongo adapter for %s on the simulator', (wallet, declined, lapsed) => {
  let harness: WalletHarness;
  beforeAll(async () => {
    harness = await startWalletHarness(wallet);
  });
  afterEach(() => {
    harness.simulator.control.configure({ cancelsWhileWaiting: true, refundsPend: false });
  });
  afterAll(() => harness.close());

  walletContract(wallet, () => harness.provider);

  it('reports a payment as succeeded once the buyer has approved it', async () => {
    const payment = await harness.paid();
    expect(payment).toMatchObject({ status: 'succeeded', amountReceivedMinor: 10_000, approvalUrl: null });
    expect(payment.chargeId).toMatch(/^pay_/);
    const found = await harness.provider.retrievePayment(payment.chargeId ?? '');
    expect(found).toEqual(payment);
    const capture = { ...payment, idempotencyKey: 'k' };
    expect(await harness.provider.capturePayment(capture)).toEqual(payment);
    expect((await providerErrorOf(harness.provider.capturePayment({ ...capture, amountMinor: 1 }))).kind).toBe(
      'invalid',
    );
  });

  it('reports why a payment failed; its address is then of no use', async () => {
    const { providerObjectId, approvalUrl } = await harness.provider.createPayment(walletInput());
    await harness.buyer.fail(approvalUrl ?? '');
    expect(await harness.provider.retrievePayment(providerObjectId)).toMatchObject({
      status: 'requires_payment_method',
      failureCode: declined,
      amountReceivedMinor: 0,
      chargeId: null,
      approvalUrl: null,
    });
    await expect(harness.buyer.pay(approvalUrl ?? '')).rejects.toMatchObject({ status: 400 });
  });

  it('reports an approval that the buyer let lapse as failed', async () => {
    const { providerObjectId, approvalUrl } = await harness.provider.createPayment(walletInput());
    harness.simulator.control.advanceClock(4 * HOURS_MS);
    await expect(harness.buyer.pay(approvalUrl ?? '')).rejects.toMatchObject({ status: 404 });
    expect(await harness.provider.retrievePayment(providerObjectId)).toMatchObject({
      status: 'requires_payment_method',
      failureCode: lapsed,
    });
  });

  it('makes another payment when a request is repeated, and the one whose address nobody got takes no money', async () => {
    const input = walletInput();
    const unheard = await harness.provider.createPayment(input);
    const heard = await harness.provider.createPayment(input);
    expect(heard.providerObjectId).not.toBe(unheard.providerObjectId);
    expect(await harness.provider.findPayment(input)).toBeNull();
    await harness.buyer.pay(heard.approvalUrl ?? '');
    expect(await harness.provider.retrievePayment(unheard.providerObjectId)).toEqual(unheard);
  });

  it('cancels an unpaid payment, again and again', async () => {
    const { providerObjectId, approvalUrl } = await harness.provider.createPayment(walletInput());
    for (const idempotencyKey of ['1', '1', '2']) {
      const cancelled = await harness.provider.cancelPayment({ providerObjectId, idempotencyKey });
      expect(cancelled).toMatchObject({ status: 'cancelled', amountReceivedMinor: 0, approvalUrl: null });
    }
    await expect(harness.buyer.pay(approvalUrl ?? '')).rejects.toMatchObject({ status: 400 });
  });

  it('answers a cancellation with the paid payment where the money was there first', async () => {
    const payment = await harness.paid();
    const { providerObjectId } = payment;
    expect(await harness.provider.cancelPayment({ providerObjectId, idempotencyKey: 'k' })).toEqual(payment);
  });

  it('ends a race of paying and cancelling in exactly one of the two', async () => {
    const { providerObjectId, approvalUrl } = await harness.provider.createPayment(walletInput());
    const [, outcome] = await Promise.all([
      harness.buyer.pay(approvalUrl ?? '').catch(() => null),
      harness.provider.cancelPayment({ providerObjectId, idempotencyKey: 'race' }),
    ]);
    expect(await harness.provider.retrievePayment(providerObjectId)).toEqual(outcome);
    expect(['succeeded', 'cancelled']).toContain(outcome.status);
  });

  it('waits with a cancellation that PayMongo refuses until nobody can pay any more', async () => {
    const { providerObjectId } = await harness.provider.createPayment(walletInput());
    harness.simulator.control.configure({ cancelsWhileWaiting: false });
    const cancel = () => harness.provider.cancelPayment({ providerObjectId, idempotencyKey: 'k' });
    expect(await providerErrorOf(cancel())).toMatchObject({ kind: 'conflict', retryable: true });
    harness.simulator.control.advanceClock(4 * HOURS_MS);
    expect(await cancel()).toMatchObject({ status: 'cancelled', amountReceivedMinor: 0 });
  });

  const refundOf = (providerObjectId: string) => (amountMinor: number, reference: string) =>
    harness.provider.refund({ providerObjectId, amountMinor, currency: 'PHP', idempotencyKey: reference, reference });

  it('refunds in parts, never more than was taken, and finds a refund by its reference', async () => {
    const { providerObjectId } = await harness.paid();
    const refund = refundOf(providerObjectId);
    const first = await refund(4_000, 'first');
    expect(first).toMatchObject({ status: 'succeeded', amountMinor: 4_000 });
    expect(await refund(4_000, 'first')).toEqual(first);
    expect((await providerErrorOf(refund(6_001, 'too much'))).kind).toBe('invalid');
    await refund(6_000, 'rest');
    expect(await providerErrorOf(refund(100, 'nothing left'))).toMatchObject({
      kind: 'conflict',
      code: 'payment_already_refunded',
    });
    expect(await harness.provider.findRefund({ providerObjectId, reference: 'first' })).toEqual(first);
    expect(await harness.provider.findRefund({ providerObjectId, reference: 'never' })).toBeNull();
    expect(await harness.provider.retrievePayment(providerObjectId)).toMatchObject({ amountRefundedMinor: 10_000 });
    expect((await harness.provider.retrievePayment(first.id)).providerObjectId).toBe(providerObjectId);
  });

  it('does not count a refund that failed', async () => {
    const { providerObjectId } = await harness.paid();
    const refund = refundOf(providerObjectId);
    harness.simulator.control.configure({ refundsPend: true });
    const pending = await refund(10_000, 'all');
    expect(pending.status).toBe('pending');
    expect((await harness.provider.retrievePayment(providerObjectId)).amountRefundedMinor).toBe(0);
    harness.simulator.control.settleRefund(pending.id, 'failed');
    const again = await refund(10_000, 'all');
    expect(again.id).not.toBe(pending.id);
    expect(harness.simulator.control.settleRefund(again.id, 'succeeded').id).toBe(again.id);
    expect((await harness.provider.retrievePayment(providerObjectId)).amountRefundedMinor).toBe(10_000);
  });

  it('lets a second refund wait while the first is pending', async () => {
    const { providerObjectId } = await harness.paid();
    harness.simulator.control.configure({ refundsPend: true });
    await refundOf(providerObjectId)(1_000, 'first');
    const error = await providerErrorOf(refundOf(providerObjectId)(1_000, 'second'));
    expect(error).toMatchObject({ kind: 'conflict', code: 'resource_pending_state', retryable: true });
  });

  it('reports what was refunded from the dashboard', async () => {
    const payment = await harness.paid();
    await harness.buyer.refund(payment.providerObjectId, 2_500);
    expect(await harness.provider.retrievePayment(payment.providerObjectId)).toEqual({
      ...payment,
      amountRefundedMinor: 2_500,
    });
    await harness.buyer.refund(payment.chargeId ?? '');
    expect((await harness.provider.retrievePayment(payment.providerObjectId)).amountRefundedMinor).toBe(10_000);
  });
});

const secretKey = process.env.PAYMONGO_TEST_SECRET_KEY ?? '';
describe("the PayMongo adapter on PayMongo's test mode", () => {
  if (secretKey.startsWith('sk_test_')) {
    const providers = createPayMongoProviders({ secretKey, webhookSecrets: [], returnUrl: 'https://example.com/' });
    describe.each(['gcash', 'paymaya'] as const)('for %s', (wallet) => walletContract(wallet, () => providers[wallet]));
  } else {
    skipWithReason("the contract on PayMongo's test mode", 'set PAYMONGO_TEST_SECRET_KEY to a test key to run it');
  }
});
