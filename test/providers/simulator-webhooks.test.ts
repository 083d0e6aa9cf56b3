/** The simulator's webhooks: signed, repeated, and as unreliable as a test asks for. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  buyerPays,
  paymentInput,
  type SimulatorHarness,
  startSimulatorHarness,
  WEBHOOK_SECRET,
} from './support/harness.ts';
import { startWebhookReceiver, type WebhookReceiver } from './support/webhook-receiver.ts';

const PAID = ['charge.succeeded', 'payment_intent.created', 'payment_intent.succeeded'];

let harness: SimulatorHarness;
let receiver: WebhookReceiver;

beforeEach(async () => {
  [harness, receiver] = await Promise.all([startSimulatorHarness(), startWebhookReceiver()]);
  harness.simulator.control.addWebhookEndpoint({ url: receiver.url, secrets: [WEBHOOK_SECRET] });
});
afterEach(async () => {
  await harness.close();
  await receiver.close();
});

const payOnce = async (): Promise<void> => {
  const { providerObjectId } = await harness.provider.createPayment(paymentInput());
  await buyerPays(harness, providerObjectId);
};
const types = (): string[] => receiver.received.map(({ event }) => event.type).toSorted();
const idle = () => harness.simulator.control.webhooksIdle();

describe("the simulator's webhooks", () => {
  it('tell what happened, signed so that the adapter believes them', async () => {
    await payOnce();
    await idle();
    expect(types()).toEqual(PAID);
    for (const { body, signature, event } of receiver.received) {
      expect(await harness.provider.verifyWebhook(body, signature)).toMatchObject({ id: event.id, type: event.type });
    }
  });

  it('carry a signature per secret while one is being rolled', async () => {
    harness.simulator.control.addWebhookEndpoint({ url: receiver.url, secrets: ['whsec_next', WEBHOOK_SECRET] });
    await payOnce();
    await idle();
    const [first] = receiver.received;
    expect(first?.signature.match(/v1=/g)).toHaveLength(2);
    await harness.provider.verifyWebhook(first?.body ?? '', first?.signature ?? '');
  });

  it('come again until the endpoint answers 2xx', async () => {
    receiver.answerNext(500, 503, 302);
    await harness.provider.createPayment(paymentInput());
    await idle();
    expect(types()).toEqual(Array.from({ length: 4 }, () => 'payment_intent.created'));
    expect(new Set(receiver.received.map(({ event }) => event.id)).size).toBe(1);
  });

  it('can be doubled', async () => {
    harness.simulator.control.webhooks({ copies: 5 });
    await harness.provider.createPayment(paymentInput());
    await idle();
    expect(receiver.received).toHaveLength(5);
  });

  it('can be dropped, and sent after all', async () => {
    harness.simulator.control.webhooks({ drop: 'all' });
    await payOnce();
    await idle();
    expect(receiver.received).toEqual([]);
    const lost = harness.simulator.control.events().find(({ type }) => type === 'payment_intent.succeeded');
    harness.simulator.control.resendEvent(lost?.id ?? '');
    await idle();
    expect(types()).toEqual(['payment_intent.succeeded']);
    const listed = await harness.stripe.events.list({ types: PAID });
    expect(listed.data.map(({ type }) => type).toSorted()).toEqual(PAID);
  });

  it('can be dropped by number', async () => {
    harness.simulator.control.webhooks({ drop: 2 });
    await payOnce();
    await idle();
    expect(types()).toEqual(['payment_intent.succeeded']);
  });

  it('can be delayed and shuffled without losing any', async () => {
    harness.simulator.control.webhooks({ delayMs: 20, shuffleMs: 60 });
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: 10 }, payOnce));
    await idle();
    expect(performance.now() - startedAt).toBeGreaterThan(20);
    expect(receiver.received).toHaveLength(30);
    const sent = harness.simulator.control.events().map(({ id }) => id);
    expect(receiver.received.map(({ event }) => event.id)).not.toEqual(sent);
    expect(receiver.received.map(({ event }) => event.id).toSorted()).toEqual(sent.toSorted());
  });

  it('reach an endpoint with the events it wants only', async () => {
    const enabledEvents = ['payment_intent.succeeded'];
    harness.simulator.control.addWebhookEndpoint({ url: receiver.url, secrets: [WEBHOOK_SECRET], enabledEvents });
    await payOnce();
    await idle();
    expect(types()).toEqual(enabledEvents);
  });

  it('about a connected account name it', async () => {
    harness.simulator.control.setTransfersCapability('acct_sim_seller', 'inactive');
    await idle();
    const verified = await Promise.all(
      receiver.received.map(({ body, signature }) => harness.provider.verifyWebhook(body, signature)),
    );
    expect(verified.map(({ type, account }) => `${type} ${account}`).toSorted()).toEqual([
      'account.updated acct_sim_seller',
      'capability.updated acct_sim_seller',
    ]);
  });
});
