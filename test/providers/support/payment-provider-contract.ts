/** What every Stripe behind the adapter must do: the simulator and Stripe's test mode run the same tests. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CaptureMode } from '../../../domain/policy/policy.ts';
import type { ProviderPayment } from '../../../providers/payments/port.ts';
import {
  buyerPays,
  type Harness,
  newOrderId,
  newPaymentId,
  newPurchaseId,
  paymentInput,
  providerErrorOf,
} from './harness.ts';

/** Declares the contract's tests for one kind of Stripe. */
export function describePaymentProviderContract(name: string, start: () => Promise<Harness>): void {
  describe(`the Stripe adapter on ${name}`, () => {
    let harness: Harness;
    beforeAll(async () => {
      harness = await start();
    });
    afterAll(() => harness.close());

    const paid = async (capture: CaptureMode = 'at_once', card?: string): Promise<ProviderPayment> => {
      const created = await harness.provider.createPayment(paymentInput({ capture }));
      await buyerPays(harness, created.providerObjectId, card);
      return harness.provider.retrievePayment(created.providerObjectId);
    };

    creating(() => harness);
    paying(() => harness, paid);
    capturing(() => harness, paid);
    cancelling(() => harness, paid);
    refunding(() => harness, paid);
  });
}

type Paid = (capture?: CaptureMode, card?: string) => Promise<ProviderPayment>;

function creating(harness: () => Harness): void {
  it('creates a payment that waits for a method and carries our ids', async () => {
    const input = paymentInput();
    const payment = await harness().provider.createPayment(input);
    expect(payment).toMatchObject({
      paymentId: input.paymentId,
      subjectId: input.subjectId,
      status: 'requires_payment_method',
      amountMinor: 10_000,
      amountReceivedMinor: 0,
      currency: 'USD',
      chargeId: null,
      captureBefore: null,
      approvalUrl: null,
      failureCode: null,
    });
    expect(payment.clientSecret).toMatch(/^pi_\w+_secret_\w+$/);
  });

  it('carries a purchase’s id where the payment buys chips, for which nobody is paid', async () => {
    const input = paymentInput({ subjectId: newPurchaseId(), currency: 'PHP' });
    const payment = await harness().provider.createPayment(input);
    expect(payment).toMatchObject({ subjectId: input.subjectId, paymentId: input.paymentId, currency: 'PHP' });
    expect(await harness().stripe.paymentIntents.retrieve(payment.providerObjectId)).toMatchObject({
      amount: 10_000,
      metadata: { payment_id: input.paymentId, purchase_id: input.subjectId },
      transfer_group: null,
    });
  });

  it('answers a repeated request with the first payment', async () => {
    const input = paymentInput();
    const first = await harness().provider.createPayment(input);
    expect(await harness().provider.createPayment(input)).toEqual(first);
  });

  it('refuses another request under the same key', async () => {
    const input = paymentInput();
    await harness().provider.createPayment(input);
    const error = await providerErrorOf(harness().provider.createPayment({ ...input, amountMinor: 20_000 }));
    expect(error).toMatchObject({ kind: 'conflict', retryable: false });
  });

  it.each([
    ['JPY', 500, 500],
    ['ISK', 500, 50_000],
    ['KWD', 12_340, 12_340],
  ] as const)('sends %s in the unit Stripe expects and reads it back in ours', async (currency, ours, stripes) => {
    const payment = await harness().provider.createPayment(paymentInput({ currency, amountMinor: ours }));
    expect(payment).toMatchObject({ currency, amountMinor: ours });
    expect(await harness().stripe.paymentIntents.retrieve(payment.providerObjectId)).toMatchObject({ amount: stripes });
  });

  it('says that an unknown payment does not exist', async () => {
    const error = await providerErrorOf(harness().provider.retrievePayment('pi_doesnotexist'));
    expect(error).toMatchObject({ kind: 'invalid', code: 'resource_missing', retryable: false });
  });
}

function paying(harness: () => Harness, paid: Paid): void {
  it('reports a payment by card as succeeded, with its charge', async () => {
    const payment = await paid();
    expect(payment).toMatchObject({ status: 'succeeded', amountReceivedMinor: 10_000, captureBefore: null });
    expect(payment.chargeId).toMatch(/^ch_/);
  });

  it('reports why a card was declined, and no charge', async () => {
    const declined = await paid('at_once', 'pm_card_chargeDeclinedInsufficientFunds');
    expect(declined).toMatchObject({
      status: 'requires_payment_method',
      failureCode: 'insufficient_funds',
      chargeId: null,
      amountReceivedMinor: 0,
    });
  });

  it('lets the buyer try another card after a decline', async () => {
    const declined = await paid('at_once', 'pm_card_chargeDeclined');
    expect(declined.failureCode).toBe('generic_decline');
    await buyerPays(harness(), declined.providerObjectId);
    expect(await harness().provider.retrievePayment(declined.providerObjectId)).toMatchObject({
      status: 'succeeded',
      failureCode: null,
    });
  });

  it('reports that the bank wants to ask the buyer', async () => {
    expect((await paid('at_once', 'pm_card_authenticationRequired')).status).toBe('requires_action');
  });

  it('finds a payment that has been tried by our own ids', async () => {
    const input = paymentInput();
    const { providerObjectId } = await harness().provider.createPayment(input);
    await buyerPays(harness(), providerObjectId);
    expect(await harness().provider.findPayment(input)).toMatchObject({ providerObjectId, status: 'succeeded' });
  });

  it('finds nothing where nothing was made', async () => {
    expect(await harness().provider.findPayment({ paymentId: newPaymentId(), subjectId: newOrderId() })).toBeNull();
  });
}

function capturing(harness: () => Harness, paid: Paid): void {
  it('authorises without taking, and says until when', async () => {
    const payment = await paid('on_release');
    expect(payment).toMatchObject({ status: 'authorized', amountReceivedMinor: 0 });
    expect(payment.chargeId).toMatch(/^ch_/);
    const daysLeft = (Date.parse(payment.captureBefore ?? '') - Date.now()) / 86_400_000;
    expect(daysLeft).toBeGreaterThan(4);
    expect(daysLeft).toBeLessThan(32);
  });

  it('captures part of an authorisation, once', async () => {
    const { providerObjectId } = await paid('on_release');
    const capture = {
      providerObjectId,
      amountMinor: 6_000,
      currency: 'USD',
      idempotencyKey: `${providerObjectId}:1`,
    } as const;
    const captured = await harness().provider.capturePayment(capture);
    expect(captured).toMatchObject({ status: 'succeeded', amountMinor: 10_000, amountReceivedMinor: 6_000 });
    expect(await harness().provider.capturePayment(capture)).toEqual(captured);
    const again = await harness().provider.capturePayment({ ...capture, idempotencyKey: `${providerObjectId}:2` });
    expect(again).toMatchObject({ status: 'succeeded', amountReceivedMinor: 6_000 });
  });

  it('refuses to capture more than was authorised, or after a cancellation', async () => {
    const { providerObjectId } = await paid('on_release');
    const capture = { providerObjectId, amountMinor: 10_001, currency: 'USD' } as const;
    const tooMuch = harness().provider.capturePayment({ ...capture, idempotencyKey: `${providerObjectId}:much` });
    expect((await providerErrorOf(tooMuch)).kind).toBe('invalid');
    await harness().provider.cancelPayment({ providerObjectId, idempotencyKey: `${providerObjectId}:cancel` });
    const late = harness().provider.capturePayment({
      ...capture,
      amountMinor: 10_000,
      idempotencyKey: `${providerObjectId}:late`,
    });
    expect(await providerErrorOf(late)).toMatchObject({ kind: 'conflict', retryable: false });
  });
}

function cancelling(harness: () => Harness, paid: Paid): void {
  it('cancels an unpaid payment, and again under another key', async () => {
    const { providerObjectId } = await harness().provider.createPayment(paymentInput());
    for (const key of ['1', '1', '2']) {
      const idempotencyKey = `${providerObjectId}:cancel:${key}`;
      const cancelled = await harness().provider.cancelPayment({ providerObjectId, idempotencyKey });
      expect(cancelled.status).toBe('cancelled');
    }
  });

  it('cancels an authorisation', async () => {
    const { providerObjectId } = await paid('on_release');
    const cancelled = await harness().provider.cancelPayment({
      providerObjectId,
      idempotencyKey: `${providerObjectId}:c`,
    });
    expect(cancelled).toMatchObject({ status: 'cancelled', amountReceivedMinor: 0 });
  });

  it('answers with the paid payment where the money was there first', async () => {
    const { providerObjectId } = await paid();
    const outcome = await harness().provider.cancelPayment({
      providerObjectId,
      idempotencyKey: `${providerObjectId}:c`,
    });
    expect(outcome).toMatchObject({ status: 'succeeded', amountReceivedMinor: 10_000 });
  });

  it('ends a race of paying and cancelling in exactly one of the two', async () => {
    const { providerObjectId } = await harness().provider.createPayment(paymentInput());
    const paying = harness().stripe.paymentIntents.confirm(providerObjectId, { payment_method: 'pm_card_visa' });
    const [, outcome] = await Promise.all([
      paying.catch(() => null),
      harness().provider.cancelPayment({ providerObjectId, idempotencyKey: `${providerObjectId}:race` }),
    ]);
    const end = await harness().provider.retrievePayment(providerObjectId);
    expect(['succeeded', 'cancelled']).toContain(end.status);
    expect(end).toEqual(outcome);
  });
}

function refunding(harness: () => Harness, paid: Paid): void {
  it('refunds in parts, never more than was taken, and finds a refund by its reference', async () => {
    const { providerObjectId } = await paid();
    const refund = (amountMinor: number, reference: string) =>
      harness().provider.refund({
        providerObjectId,
        amountMinor,
        currency: 'USD',
        idempotencyKey: `${providerObjectId}:${reference}`,
        reference,
      });
    const first = await refund(4_000, 'first');
    expect(first).toMatchObject({ status: 'succeeded', amountMinor: 4_000 });
    expect(await refund(4_000, 'first')).toEqual(first);
    expect((await providerErrorOf(refund(6_001, 'too much'))).kind).toBe('invalid');
    await refund(6_000, 'rest');
    expect(await providerErrorOf(refund(1, 'nothing left'))).toMatchObject({
      kind: 'conflict',
      code: 'charge_already_refunded',
    });
    expect(await harness().provider.findRefund({ providerObjectId, reference: 'first' })).toEqual(first);
    expect(await harness().provider.findRefund({ providerObjectId, reference: 'never' })).toBeNull();
  });

  it('transfers from the charge that paid, and finds the transfer by its reference', async () => {
    const { sellerAccount, provider } = harness();
    if (sellerAccount === null) {
      process.stdout.write(
        'not tested here: transfers (set STRIPE_TEST_CONNECTED_ACCOUNT to an account of the platform)\n',
      );
      return;
    }
    const payment = await paid();
    const orderId = newOrderId();
    const input = {
      idempotencyKey: `${payment.providerObjectId}:transfer`,
      amountMinor: 5_400,
      currency: 'USD',
      destinationAccount: sellerAccount,
      sourceCharge: payment.chargeId,
      orderId,
      reference: 'release',
    } as const;
    const transfer = await provider.transfer(input);
    expect(transfer.amountMinor).toBe(5_400);
    expect(await provider.transfer(input)).toEqual(transfer);
    expect(await provider.findTransfer({ orderId, reference: 'release' })).toEqual(transfer);
    expect(await provider.findTransfer({ orderId, reference: 'other' })).toBeNull();
    expect(await harness().stripe.transfers.retrieve(transfer.id)).toMatchObject({
      transfer_group: orderId,
      source_transaction: payment.chargeId,
      destination: sellerAccount,
    });
  });
}
