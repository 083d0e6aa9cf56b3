/** The Stripe adapter under test, against the simulator or against Stripe's own test mode. */

import { randomUUID } from 'node:crypto';
import Stripe from 'stripe';
import type { SimulationSettings } from '../../../dev/simulators/stripe/simulation.ts';
import { type StripeSimulator, startStripeSimulator } from '../../../dev/simulators/stripe/simulator.ts';
import { idFromUuid, type OrderId, type PaymentId, type PurchaseId } from '../../../domain/ids.ts';
import type { CreatePaymentInput, PaymentProvider } from '../../../providers/payments/port.ts';
import { ProviderError } from '../../../providers/payments/provider-error.ts';
import { createStripeProvider } from '../../../providers/payments/stripe/stripe-provider.ts';
import { createStripeClient } from '../../../providers/payments/stripe/stripe-settings.ts';

export const WEBHOOK_SECRET = 'whsec_test_one';

export type Harness = {
  provider: PaymentProvider;
  /** The buyer's side: confirms payments. */
  stripe: Stripe;
  /** A seller's account that can receive transfers; null where there is none. */
  sellerAccount: string | null;
  close(): Promise<void>;
};

export type SimulatorHarness = Harness & { simulator: StripeSimulator };

export async function startSimulatorHarness(settings: Partial<SimulationSettings> = {}): Promise<SimulatorHarness> {
  const simulator = await startStripeSimulator({ settings, webhookRetryMs: 5 });
  const stripeSettings = { secretKey: 'sk_test_simulator', webhookSecrets: [WEBHOOK_SECRET], apiBase: simulator.url };
  return {
    provider: createStripeProvider(stripeSettings),
    stripe: createStripeClient(stripeSettings),
    sellerAccount: 'acct_sim_seller',
    simulator,
    close: () => simulator.close(),
  };
}

export async function startTestModeHarness(secretKey: string, sellerAccount: string | null): Promise<Harness> {
  const settings = { secretKey, webhookSecrets: [WEBHOOK_SECRET] };
  const close = async () => undefined;
  return { provider: createStripeProvider(settings), stripe: createStripeClient(settings), sellerAccount, close };
}

export const newPaymentId = (): PaymentId => idFromUuid('payment', randomUUID());
export const newOrderId = (): OrderId => idFromUuid('order', randomUUID());
export const newPurchaseId = (): PurchaseId => idFromUuid('purchase', randomUUID());

/** A payment of 100.00 USD for a new order, with whatever the test changes. */
export function paymentInput(changes: Partial<CreatePaymentInput> = {}): CreatePaymentInput {
  const paymentId = changes.paymentId ?? newPaymentId();
  return {
    idempotencyKey: `payment/${paymentId}:create`,
    paymentId,
    subjectId: newOrderId(),
    amountMinor: 10_000,
    currency: 'USD',
    capture: 'at_once',
    method: null,
    description: 'Two mugs',
    ...changes,
  };
}

/** Confirms as the buyer's browser does. A decline is part of life, not an error of the test. */
export async function buyerPays({ stripe }: Harness, paymentIntentId: string, card = 'pm_card_visa'): Promise<void> {
  try {
    await stripe.paymentIntents.confirm(paymentIntentId, { payment_method: card });
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeCardError)) throw error;
  }
}

/** The ProviderError that the promise fails with; anything else fails the test. */
export async function providerErrorOf(promise: Promise<unknown>): Promise<ProviderError> {
  const outcome = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  if (outcome instanceof ProviderError) return outcome;
  throw new Error('expected a ProviderError', { cause: outcome ?? 'no error' });
}
