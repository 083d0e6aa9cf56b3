/** Builds the payment providers this deployment has been given settings for. */

import type { PaymentProviderName } from '../../domain/policy/policy.ts';
import { createPayMongoProviders } from './paymongo/paymongo-provider.ts';
import type { PayMongoSettings } from './paymongo/paymongo-settings.ts';
import type { PaymentProvider } from './port.ts';
import { ProviderError } from './provider-error.ts';
import { createStripeProvider } from './stripe/stripe-provider.ts';
import type { StripeSettings } from './stripe/stripe-settings.ts';

/** Null or absent: not offered. PayMongo stands behind both `gcash` and `paymaya`. */
export type PaymentProviderSettings = { stripe?: StripeSettings | null; paymongo?: PayMongoSettings | null };

export type PaymentProviders = {
  readonly names: readonly PaymentProviderName[];
  /** Throws ProviderError of kind `invalid`, code `provider_not_configured`. */
  get(name: PaymentProviderName): PaymentProvider;
};

/** The registry of providers by name; those without settings are not in it. */
export function createPaymentProviders(settings: PaymentProviderSettings): PaymentProviders {
  const providers = new Map<PaymentProviderName, PaymentProvider>();
  if (settings.stripe) providers.set('stripe', createStripeProvider(settings.stripe));
  if (settings.paymongo) {
    const { gcash, paymaya } = createPayMongoProviders(settings.paymongo);
    providers.set('gcash', gcash).set('paymaya', paymaya);
  }
  return {
    names: [...providers.keys()],
    get(name) {
      const provider = providers.get(name);
      if (!provider) throw new ProviderError({ kind: 'invalid', code: 'provider_not_configured', retryable: false });
      return provider;
    },
  };
}
