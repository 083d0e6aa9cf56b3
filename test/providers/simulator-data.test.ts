/** The simulator's memory over a restart. */

import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type StripeSimulator, startStripeSimulator } from '../../dev/simulators/stripe/simulator.ts';
import { createStripeProvider } from '../../providers/payments/stripe/stripe-provider.ts';
import { paymentInput } from './support/harness.ts';
import { startWebhookReceiver } from './support/webhook-receiver.ts';

let folder: string;
let dataFile: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stripe-simulator-'));
  dataFile = join(folder, 'deep', 'simulator.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

const providerOf = ({ url }: StripeSimulator) =>
  createStripeProvider({ secretKey: 'sk_test_x', webhookSecrets: [], apiBase: url });

describe("the simulator's data", () => {
  it('survive a restart, idempotency keys included', async () => {
    const input = paymentInput();
    const before = await startStripeSimulator({ dataFile });
    const payment = await providerOf(before).createPayment(input);
    await before.close();
    const after = await startStripeSimulator({ dataFile });
    expect(await providerOf(after).retrievePayment(payment.providerObjectId)).toEqual(payment);
    expect(await providerOf(after).createPayment(input)).toEqual(payment);
    expect(after.control.events()).toHaveLength(1);
    await after.close();
  });

  it('are in the file as soon as the answer is out, and a cut-off last line does not hurt', async () => {
    const crashed = await startStripeSimulator({ dataFile });
    const payment = await providerOf(crashed).createPayment(paymentInput());
    expect(await readFile(dataFile, 'utf8')).toContain(payment.providerObjectId);
    await appendFile(dataFile, '{"table":"payment_intents","id":"pi_torn","obj');
    const after = await startStripeSimulator({ dataFile });
    expect(await providerOf(after).retrievePayment(payment.providerObjectId)).toEqual(payment);
    expect(await readFile(dataFile, 'utf8')).not.toContain('pi_torn');
    await Promise.all([crashed.close(), after.close()]);
  });

  it('include webhooks that nobody has taken yet', async () => {
    const receiver = await startWebhookReceiver();
    const options = { dataFile, webhooks: [{ url: receiver.url, secrets: ['whsec_x'] }], webhookRetryMs: 10 };
    const before = await startStripeSimulator(options);
    before.control.webhooks({ delayMs: 60_000 });
    await providerOf(before).createPayment(paymentInput());
    await before.close();
    expect(receiver.received).toEqual([]);
    const after = await startStripeSimulator(options);
    await receiver.count(1);
    await after.control.webhooksIdle();
    await after.close();
    await receiver.close();
  });
});
