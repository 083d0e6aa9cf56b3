/** Chargebacks, reversals and connected balances: the adapter on the simulator, and the simulator's own rules. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ProviderPayment } from '../../providers/payments/port.ts';
import {
  buyerPays,
  newOrderId,
  paymentInput,
  providerErrorOf,
  type SimulatorHarness,
  startSimulatorHarness,
  WEBHOOK_SECRET,
} from './support/harness.ts';
import { startWebhookReceiver } from './support/webhook-receiver.ts';

const SELLER = 'acct_sim_seller';
const DAY_MS = 86_400_000;

let harness: SimulatorHarness;
beforeEach(async () => {
  harness = await startSimulatorHarness();
});
afterEach(() => harness.close());

const paid = async (currency: 'USD' | 'JPY' = 'USD', card = 'pm_card_visa'): Promise<ProviderPayment> => {
  const { providerObjectId } = await harness.provider.createPayment(paymentInput({ currency }));
  await buyerPays(harness, providerObjectId, card);
  return harness.provider.retrievePayment(providerObjectId);
};

const open = (
  { providerObjectId }: ProviderPayment,
  more: { amount?: number; reason?: string; dueInMs?: number } = {},
) => harness.simulator.control.openDispute({ paymentIntent: providerObjectId, ...more });

const refund = (payment: ProviderPayment, amountMinor: number) =>
  harness.provider.refund({
    providerObjectId: payment.providerObjectId,
    amountMinor,
    currency: 'USD',
    idempotencyKey: crypto.randomUUID(),
    reference: 'refund',
  });

describe('a chargeback', () => {
  it('is read with its payment, its due date and what it costs', async () => {
    const payment = await paid();
    const { id } = open(payment, { amount: 4_000, reason: 'product_not_received' });
    const chargeback = await harness.provider.retrieveChargeback(id);
    expect(chargeback).toMatchObject({
      id,
      providerPaymentId: payment.providerObjectId,
      chargeId: payment.chargeId,
      amountMinor: 4_000,
      currency: 'USD',
      status: 'open',
      reason: 'product_not_received',
      evidenceSent: false,
      feeMinor: 1_500,
    });
    expect((Date.parse(chargeback.evidenceDueBy ?? '') - Date.now()) / DAY_MS).toBeCloseTo(7, 1);
  });

  it.each(['won', 'lost'] as const)('that is %s says so, and moves the platform’s balance', async (status) => {
    const payment = await paid('USD', 'pm_card_bypassPending');
    const before = harness.simulator.control.balances('platform').get('usd')?.available ?? 0;
    const { id } = open(payment);
    const during = harness.simulator.control.balances('platform').get('usd')?.available ?? 0;
    expect(during).toBe(before - 11_500);
    harness.simulator.control.closeDispute(id, status);
    expect(await harness.provider.retrieveChargeback(id)).toMatchObject({ status, feeMinor: 1_500 });
    const after = harness.simulator.control.balances('platform').get('usd')?.available ?? 0;
    expect(after).toBe(status === 'won' ? before - 1_500 : during);
    expect(() => harness.simulator.control.closeDispute(id, 'lost')).toThrow('already closed');
  });

  it('takes evidence once, before it is due and before the decision', async () => {
    const { id } = open(await paid());
    const submit = (key: string, chargebackId = id) =>
      harness.provider.submitEvidence({
        chargebackId,
        idempotencyKey: key,
        texts: { uncategorized_text: 'It was delivered.', shipping_tracking_number: 'JD1' },
        files: { uncategorized_file: 'file_1' },
      });
    expect(await submit('one')).toMatchObject({ status: 'open', evidenceSent: true });
    expect(await submit('one')).toMatchObject({ status: 'open', evidenceSent: true });
    expect((await providerErrorOf(submit('two'))).kind).toBe('invalid');
    expect((await harness.stripe.disputes.retrieve(id)).evidence).toMatchObject({
      uncategorized_text: 'It was delivered.',
      shipping_tracking_number: 'JD1',
      uncategorized_file: 'file_1',
    });
    const late = open(await paid(), { dueInMs: 1_000 });
    harness.simulator.control.advanceClock(2_000);
    expect((await providerErrorOf(submit('three', late.id))).kind).toBe('invalid');
    expect((await harness.provider.retrieveChargeback(late.id)).evidenceDueBy).toBeNull();
  });

  it('refuses evidence in fields that Stripe does not have', async () => {
    const { id } = open(await paid());
    const sent = harness.stripe.disputes.update(id, { evidence: { colour: 'red' } as object });
    await expect(sent).rejects.toMatchObject({ statusCode: 400 });
  });

  it('keeps what it contests from being refunded, and lets the rest go back', async () => {
    const payment = await paid();
    const { id } = open(payment, { amount: 6_000 });
    expect(await providerErrorOf(refund(payment, 4_001))).toMatchObject({ kind: 'conflict', code: 'charge_disputed' });
    expect(await refund(payment, 4_000)).toMatchObject({ status: 'succeeded' });
    harness.simulator.control.closeDispute(id, 'won');
    expect(await refund(payment, 6_000)).toMatchObject({ status: 'succeeded' });
  });

  it('is listed by its charge, and given up by closing it', async () => {
    const payment = await paid();
    const { id } = open(payment);
    open(await paid());
    const { data } = await harness.stripe.disputes.list({ charge: payment.chargeId ?? '' });
    expect(data.map((dispute) => dispute.id)).toEqual([id]);
    expect(await harness.stripe.disputes.close(id)).toMatchObject({ status: 'lost' });
  });

  it('does not exist for what was never charged', async () => {
    const unpaid = await harness.provider.createPayment(paymentInput());
    expect(() => open(unpaid)).toThrow('no charge');
    const error = await providerErrorOf(harness.provider.retrieveChargeback('dp_none'));
    expect(error).toMatchObject({ kind: 'invalid', code: 'resource_missing' });
  });

  it('is told by webhooks like everything else', async () => {
    const receiver = await startWebhookReceiver();
    harness.simulator.control.addWebhookEndpoint({ url: receiver.url, secrets: [WEBHOOK_SECRET] });
    const payment = await paid();
    await harness.simulator.control.webhooksIdle();
    harness.simulator.control.webhooks({ copies: 2, shuffleMs: 30 });
    const { id } = open(payment);
    harness.simulator.control.closeDispute(id, 'won');
    await harness.simulator.control.webhooksIdle();
    const told = receiver.received.filter(({ event }) => event.type.startsWith('charge.dispute.'));
    expect(told.map(({ event }) => event.type).toSorted()).toEqual(
      ['closed', 'created', 'funds_reinstated', 'funds_withdrawn'].flatMap((each) => [
        `charge.dispute.${each}`,
        `charge.dispute.${each}`,
      ]),
    );
    await receiver.close();
  });
});

describe('a transfer', () => {
  const transferred = async (card?: string) => {
    const { chargeId } = await paid('USD', card);
    return harness.provider.transfer({
      idempotencyKey: crypto.randomUUID(),
      amountMinor: 8_000,
      currency: 'USD',
      destinationAccount: SELLER,
      sourceCharge: chargeId,
      orderId: newOrderId(),
      reference: 'release',
    });
  };
  const reverse = (transferId: string, amountMinor: number, reference: string) =>
    harness.provider.reverseTransfer({
      idempotencyKey: reference,
      transferId,
      amountMinor,
      currency: 'USD',
      reference,
    });
  const available = () => harness.provider.availableBalance({ account: SELLER, currency: 'USD' });

  it('is available to be taken back when its charge is', async () => {
    await transferred();
    expect(await available()).toBe(0);
    harness.simulator.control.advanceClock(3 * DAY_MS);
    expect(await available()).toBe(8_000);
    expect(await harness.provider.availableBalance({ account: SELLER, currency: 'EUR' })).toBe(0);
  });

  it('is reversed in parts, each once, and never beyond what it was', async () => {
    const { id } = await transferred('pm_card_bypassPending');
    const first = await reverse(id, 3_000, 'first');
    expect(first.amountMinor).toBe(3_000);
    expect(await reverse(id, 3_000, 'first')).toEqual(first);
    expect(await available()).toBe(5_000);
    expect((await providerErrorOf(reverse(id, 5_001, 'too much'))).kind).toBe('invalid');
    expect(await harness.provider.findReversal({ transferId: id, reference: 'first' })).toEqual(first);
    expect(await harness.provider.findReversal({ transferId: id, reference: 'never' })).toBeNull();
  });

  it.each(['pm_card_visa', 'pm_card_bypassPending'])(
    'paid by %s is refused where the account was emptied',
    async (card) => {
      const { id } = await transferred(card);
      harness.simulator.control.emptyConnectedAccount(SELLER);
      const refused = await providerErrorOf(reverse(id, 1, 'late'));
      expect(refused).toMatchObject({ kind: 'conflict', code: 'balance_insufficient', retryable: false });
      harness.simulator.control.advanceClock(3 * DAY_MS);
      expect(harness.simulator.control.balances(SELLER).get('usd')).toEqual({ available: 0, pending: 0 });
    },
  );
});
