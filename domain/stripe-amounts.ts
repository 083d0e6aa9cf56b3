/** Amounts between our minor units and what Stripe's API carries. */

import { type Currency, currencyInfo } from './currencies.ts';
import { DomainError } from './domain-error.ts';

/** Payouts to a bank account are stricter than payments, refunds and transfers. */
export type StripeAmountUse = 'payment' | 'payout';

/**
 * Our minor units (above zero) as the integer Stripe expects for this currency.
 * Fails with currency_not_supported, and with amount_out_of_range for an amount Stripe would refuse: 1.234 KWD
 * (three-decimal amounts end in 0), a payout of 10.45 HUF (whole units only), anything beyond a safe integer.
 */
export function toStripeAmount(amountMinor: number, currency: Currency, use: StripeAmountUse = 'payment'): number {
  const { stripeMultipleOf = 1, stripePayoutMultipleOf = 1 } = currencyInfo(currency);
  const multipleOf = use === 'payout' ? Math.max(stripeMultipleOf, stripePayoutMultipleOf) : stripeMultipleOf;
  const stripeAmount = amountMinor * stripeFactor(currency);
  if (amountMinor <= 0 || !Number.isSafeInteger(stripeAmount) || stripeAmount % multipleOf !== 0) {
    throw new DomainError('amount_out_of_range', `Stripe cannot take ${amountMinor} minor units of ${currency}`);
  }
  return stripeAmount;
}

/**
 * What Stripe says, in our minor units; zero is fine (nothing received yet).
 * Fails with currency_not_supported, and with amount_out_of_range for a part of our minor unit (1.50 ISK).
 */
export function fromStripeAmount(stripeAmount: number, currency: Currency): number {
  const amountMinor = stripeAmount / stripeFactor(currency);
  if (!Number.isSafeInteger(stripeAmount) || stripeAmount < 0 || !Number.isSafeInteger(amountMinor)) {
    throw new DomainError('amount_out_of_range', `${stripeAmount} from Stripe is no amount of ${currency}`);
  }
  return amountMinor;
}

/** How many of Stripe's units make one of ours: 1, or 100 where Stripe keeps decimals that life has dropped. */
function stripeFactor(currency: Currency): number {
  const { exponent, stripeExponent = exponent } = currencyInfo(currency);
  if (stripeExponent === null) {
    throw new DomainError('currency_not_supported', `Stripe does not know the currency ${currency}`);
  }
  return 10 ** (stripeExponent - exponent);
}
