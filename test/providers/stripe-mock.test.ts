/** Everything the adapter sends is accepted by stripe-mock, which checks requests against Stripe's OpenAPI. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EVIDENCE_TEXTS, type PaymentProvider } from '../../providers/payments/port.ts';
import { createStripeProvider } from '../../providers/payments/stripe/stripe-provider.ts';
import { createStripeClient } from '../../providers/payments/stripe/stripe-settings.ts';
import { newOrderId, paymentInput } from './support/harness.ts';
import { skipWithReason } from './support/skip.ts';
import { findStripeMock, startStripeMock } from './support/stripe-mock.ts';

const found = await findStripeMock();
const idempotencyKey = 'key';
const providerObjectId = 'pi_123';

/** stripe-mock keeps no state: its answers are fixtures, only the requests are checked. */
const CALLS: readonly [string, (provider: PaymentProvider) => Promise<unknown>][] = [
  ['create, charged at once', (provider) => provider.createPayment(paymentInput())],
  ['create, charged on release', (provider) => provider.createPayment(paymentInput({ capture: 'on_release' }))],
  ['create by UPI', (provider) => provider.createPayment(paymentInput({ method: 'upi', currency: 'INR' }))],
  ['retrieve', (provider) => provider.retrievePayment(providerObjectId)],
  ['find a payment', (provider) => provider.findPayment(paymentInput())],
  ['cancel', (provider) => provider.cancelPayment({ providerObjectId, idempotencyKey })],
  [
    'capture',
    (provider) => provider.capturePayment({ providerObjectId, amountMinor: 100, currency: 'USD', idempotencyKey }),
  ],
  [
    'refund',
    (provider) =>
      provider.refund({ providerObjectId, amountMinor: 100, currency: 'USD', idempotencyKey, reference: 'r' }),
  ],
  ['find a refund', (provider) => provider.findRefund({ providerObjectId, reference: 'r' })],
  [
    'transfer',
    (provider) =>
      provider.transfer({
        idempotencyKey,
        amountMinor: 100,
        currency: 'USD',
        destinationAccount: 'acct_123',
        sourceCharge: 'ch_123',
        orderId: newOrderId(),
        reference: 't',
      }),
  ],
  ['find a transfer', (provider) => provider.findTransfer({ orderId: newOrderId(), reference: 't' })],
  [
    'reverse a transfer',
    (provider) =>
      provider.reverseTransfer({
        idempotencyKey,
        transferId: 'tr_123',
        amountMinor: 100,
        currency: 'USD',
        reference: 'r',
      }),
  ],
  ['find a reversal', (provider) => provider.findReversal({ transferId: 'tr_123', reference: 'r' })],
  ["a seller's balance", (provider) => provider.availableBalance({ account: 'acct_123', currency: 'USD' })],
  ['retrieve a chargeback', (provider) => provider.retrieveChargeback('dp_123')],
  [
    'submit evidence',
    (provider) =>
      provider.submitEvidence({
        chargebackId: 'dp_123',
        idempotencyKey,
        texts: Object.fromEntries(EVIDENCE_TEXTS.map((field) => [field, 'text'])),
        files: { uncategorized_file: 'file_123' },
      }),
  ],
];

describe('stripe-mock', () => {
  if ('missing' in found) {
    skipWithReason('everything the adapter sends is accepted by stripe-mock', found.missing);
    return;
  }
  let mock: Awaited<ReturnType<typeof startStripeMock>>;
  const settings = () => ({ secretKey: 'sk_test_123', webhookSecrets: [], apiBase: mock.url });
  beforeAll(async () => {
    mock = await startStripeMock(found.path);
  });
  afterAll(() => mock.stop());

  it.each(CALLS)('accepts: %s', async (_title, call) => {
    await call(createStripeProvider(settings()));
  });

  it('has a test for every method that calls Stripe', () => {
    const methods = Object.keys(createStripeProvider(settings())).filter((name) => name !== 'name');
    expect(methods.filter((name) => !CALLS.some(([, call]) => call.toString().includes(name)))).toEqual([
      'verifyWebhook',
    ]);
  });

  it('would refuse a parameter that Stripe does not know', async () => {
    const params = { amount: 100, currency: 'usd', colour: 'red' };
    await expect(createStripeClient(settings()).paymentIntents.create(params)).rejects.toMatchObject({
      statusCode: 400,
    });
  });
});
