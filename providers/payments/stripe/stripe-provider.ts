/** Stripe behind the payment port. */

import type { PaymentProvider } from '../port.ts';
import { createStripeChargebacks } from './stripe-chargebacks.ts';
import { createStripePayments } from './stripe-payments.ts';
import { createStripeClient, type StripeSettings } from './stripe-settings.ts';
import { createStripeTransfers } from './stripe-transfers.ts';
import { createStripeWebhooks } from './stripe-webhooks.ts';

/** The Stripe adapter: separate charges and transfers, all calls made as the platform itself. */
export function createStripeProvider(settings: StripeSettings): PaymentProvider {
  const stripe = createStripeClient(settings);
  return {
    name: 'stripe',
    ...createStripePayments(stripe),
    ...createStripeTransfers(stripe),
    ...createStripeChargebacks(stripe),
    ...createStripeWebhooks(stripe, settings),
  };
}
