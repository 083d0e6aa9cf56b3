/** The currencies the engine knows, with their minor-unit exponents. */

/**
 * `exponent`: digits after the point in our minor units.
 * `stripeExponent`: what Stripe expects on the wire where it differs; null where Stripe does not know the currency.
 * `stripeMultipleOf`: amounts of payments, refunds and transfers at Stripe must be a multiple of this.
 * `stripePayoutMultipleOf`: the same for payouts to a bank account.
 * Source: docs.stripe.com/currencies, "Three-decimal currencies" and "Special cases".
 */
export type CurrencyInfo = {
  exponent: number;
  stripeExponent?: number | null;
  stripeMultipleOf?: number;
  stripePayoutMultipleOf?: number;
};

export const CURRENCIES = {
  USD: { exponent: 2 },
  EUR: { exponent: 2 },
  GBP: { exponent: 2 },
  INR: { exponent: 2 },
  PHP: { exponent: 2 },
  CAD: { exponent: 2 },
  JPY: { exponent: 0 },
  KRW: { exponent: 0 },
  VND: { exponent: 0 },
  XAF: { exponent: 0 },
  RWF: { exponent: 0 },
  KWD: { exponent: 3, stripeMultipleOf: 10 },
  BHD: { exponent: 3, stripeMultipleOf: 10 },
  // Zero-decimal in life, two-decimal at Stripe: sent times 100.
  ISK: { exponent: 0, stripeExponent: 2 },
  UGX: { exponent: 0, stripeExponent: 2 },
  // Charged with two decimals, paid out in whole units only.
  HUF: { exponent: 2, stripePayoutMultipleOf: 100 },
  TWD: { exponent: 2, stripePayoutMultipleOf: 100 },
  // Not Stripe's: Pi Network's coin and Pilimarket's chips.
  PI: { exponent: 7, stripeExponent: null },
  CHIP: { exponent: 0, stripeExponent: null },
} as const satisfies Record<string, CurrencyInfo>;

export type Currency = keyof typeof CURRENCIES;

export const CURRENCY_CODES = Object.keys(CURRENCIES) as Currency[];

/** True for a currency code of the table; codes are upper case. */
export function isCurrency(code: string): code is Currency {
  return Object.hasOwn(CURRENCIES, code);
}

/** The table's entry in its wide type, so that the optional fields can be read. */
export function currencyInfo(currency: Currency): CurrencyInfo {
  return CURRENCIES[currency];
}
