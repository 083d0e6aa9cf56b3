/** Currencies and what Stripe expects of them. */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CURRENCY_CODES, currencyInfo, isCurrency } from '../../domain/currencies.ts';
import { fromStripeAmount, toStripeAmount } from '../../domain/stripe-amounts.ts';
import { refusal } from './support.ts';

const STRIPE_CURRENCIES = CURRENCY_CODES.filter((code) => currencyInfo(code).stripeExponent !== null);

describe('currencies', () => {
  it('know their codes in upper case only, and no inherited names', () => {
    expect(CURRENCY_CODES.every(isCurrency)).toBe(true);
    expect(['usd', 'constructor', 'EURO'].some(isCurrency)).toBe(false);
  });
});

describe('Stripe amounts', () => {
  it.each([
    [1_999, 'USD', 1_999],
    [500, 'JPY', 500],
    [500, 'RWF', 500],
    [1_230, 'KWD', 1_230],
    [5, 'ISK', 500],
    [1_200, 'UGX', 120_000],
    [1_045, 'HUF', 1_045],
    [8_005, 'TWD', 8_005],
  ] as const)('of %d minor units of %s are %d', (amountMinor, currency, expected) => {
    expect(toStripeAmount(amountMinor, currency)).toBe(expected);
    expect(fromStripeAmount(expected, currency)).toBe(amountMinor);
  });

  it.each([
    [1_234, 'KWD', 'payment'],
    [1_001, 'BHD', 'payout'],
    [1_045, 'HUF', 'payout'],
    [8_005, 'TWD', 'payout'],
    [0, 'USD', 'payment'],
    [-1, 'USD', 'payment'],
    [1.5, 'USD', 'payment'],
    [Number.MAX_SAFE_INTEGER, 'ISK', 'payment'],
    [Number.NaN, 'USD', 'payment'],
  ] as const)('refuse %d minor units of %s for a %s', (amountMinor, currency, use) => {
    expect(refusal(() => toStripeAmount(amountMinor, currency, use))).toBe('amount_out_of_range');
  });

  it.each(['PI', 'CHIP'] as const)('refuse %s, which Stripe does not know', (currency) => {
    expect(refusal(() => toStripeAmount(100, currency))).toBe('currency_not_supported');
    expect(refusal(() => fromStripeAmount(100, currency))).toBe('currency_not_supported');
  });

  it.each([
    [150, 'ISK'],
    [-1, 'USD'],
    [0.5, 'USD'],
  ] as const)('refuse to read %d of %s', (stripeAmount, currency) => {
    expect(refusal(() => fromStripeAmount(stripeAmount, currency))).toBe('amount_out_of_range');
  });

  it('come back as they were sent, for every currency Stripe knows', () => {
    fc.assert(
      fc.property(fc.constantFrom(...STRIPE_CURRENCIES), fc.integer({ min: 1, max: 10 ** 11 }), (currency, tens) => {
        const amountMinor = tens * 10;
        expect(fromStripeAmount(toStripeAmount(amountMinor, currency), currency)).toBe(amountMinor);
      }),
    );
    expect(fromStripeAmount(0, 'USD')).toBe(0);
  });
});
