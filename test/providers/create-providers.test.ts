/** The registry of payment providers. */

import { describe, expect, it } from '@jest/globals';
import { createPaymentProviders } from '../../providers/payments/create-providers.ts';

describe('the payment providers', () => {
  it('hold Stripe where there are settings for it', () => {
    const providers = createPaymentProviders({ stripe: { secretKey: 'sk_test_x', webhookSecrets: [] } });
    expect(providers.names).toEqual(['stripe']);
    expect(providers.get('stripe').name).toBe('stripe');
  });

  it('hold GCash and Maya where there are settings for PayMongo', () => {
    const paymongo = { secretKey: 'sk_test_x', webhookSecrets: [], returnUrl: 'https://x.test/' };
    const providers = createPaymentProviders({ paymongo });
    expect(providers.names).toEqual(['gcash', 'paymaya']);
    expect(() => createPaymentProviders({ paymongo: null }).get('gcash')).toThrow(/provider_not_configured/);
  });

  it('refuse a provider without settings', () => {
    expect(() => createPaymentProviders({}).get('stripe')).toThrow(/provider_not_configured/);
  });

  it('refuse a base address that is not http', () => {
    const stripe = { secretKey: 'sk_test_x', webhookSecrets: [], apiBase: 'ftp://example.test' };
    expect(() => createPaymentProviders({ stripe })).toThrow(/not an http/);
  });
});
