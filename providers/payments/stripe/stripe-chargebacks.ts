/** Chargebacks at Stripe, which calls them disputes: look one up, answer it with evidence. */

import type Stripe from 'stripe';
import type { PaymentProvider } from '../port.ts';
import { callStripe } from './stripe-errors.ts';
import { toProviderChargeback } from './stripe-objects.ts';

/** The part of the port about chargebacks, over Stripe's Disputes. */
export function createStripeChargebacks(
  stripe: Stripe,
): Pick<PaymentProvider, 'retrieveChargeback' | 'submitEvidence'> {
  return {
    async retrieveChargeback(chargebackId) {
      return toProviderChargeback(await callStripe(() => stripe.disputes.retrieve(chargebackId)));
    },

    async submitEvidence({ chargebackId, idempotencyKey, texts, files }) {
      const evidence = { ...texts, ...files };
      const dispute = await callStripe(() =>
        stripe.disputes.update(chargebackId, { evidence, submit: true }, { idempotencyKey }),
      );
      return toProviderChargeback(dispute);
    },
  };
}
