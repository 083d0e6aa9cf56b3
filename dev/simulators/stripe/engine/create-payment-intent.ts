/** Makes PaymentIntents, with the checks Stripe makes on amounts and methods. */

import { CURRENCIES, isCurrency } from '../../../../domain/currencies.ts';
import type { PaymentIntentObject } from '../objects.ts';
import { newStripeId, nowSeconds, type Simulation } from '../simulation.ts';
import { invalidParameter } from '../stripe-fault.ts';

export type CreatePaymentIntent = {
  amount: number;
  currency: string;
  capture_method?: 'automatic' | 'automatic_async' | 'manual';
  allowed_payment_method_types?: string[];
  description?: string;
  metadata?: Record<string, string>;
  transfer_group?: string;
};

/** docs.stripe.com/currencies#minimum-and-maximum-charge-amounts, the ones we sell in. */
const MINIMUM_AMOUNTS: Readonly<Record<string, number>> = { usd: 50, eur: 50, gbp: 30, inr: 50, cad: 50, jpy: 50 };
const MAXIMUM_AMOUNT = 99_999_999;

/** Methods that exist in one currency only; Stripe drops them silently elsewhere. */
const ONLY_IN: Readonly<Record<string, string>> = { upi: 'inr', gcash: 'php', paymaya: 'php' };

/** A PaymentIntent that waits for a payment method. */
export function createPaymentIntent(simulation: Simulation, params: CreatePaymentIntent): PaymentIntentObject {
  const currency = params.currency.toLowerCase();
  checkAmount(params.amount, currency);
  const allowed = params.allowed_payment_method_types ?? null;
  const methods = (allowed ?? ['card']).filter((method) => (ONLY_IN[method] ?? currency) === currency);
  if (methods.length === 0) {
    throw invalidParameter(
      'payment_intent_invalid_parameter',
      'None of the allowed payment method types can be used with this PaymentIntent.',
      'allowed_payment_method_types',
    );
  }
  const id = newStripeId('pi');
  const intent = simulation.store.put('payment_intents', {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: allowed,
    amount: params.amount,
    amount_capturable: 0,
    amount_received: 0,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: params.capture_method === 'manual' ? 'manual' : 'automatic',
    client_secret: newStripeId(`${id}_secret`),
    created: nowSeconds(simulation),
    currency,
    description: params.description ?? null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    metadata: params.metadata ?? {},
    next_action: null,
    payment_method: null,
    payment_method_types: methods,
    status: 'requires_payment_method',
    transfer_group: params.transfer_group ?? null,
  });
  simulation.emit('payment_intent.created', intent);
  return intent;
}

function checkAmount(amount: number, currency: string): void {
  const code = currency.toUpperCase();
  if (!isCurrency(code) || code === 'PI' || code === 'CHIP') {
    throw invalidParameter('parameter_invalid_enum', `Invalid currency: ${currency}`, 'currency');
  }
  if (amount < (MINIMUM_AMOUNTS[currency] ?? 1)) {
    throw invalidParameter('amount_too_small', 'Amount must convert to at least 50 cents.', 'amount');
  }
  if (amount > MAXIMUM_AMOUNT) throw invalidParameter('amount_too_large', 'Amount is too large.', 'amount');
  if (CURRENCIES[code].exponent === 3 && amount % 10 !== 0) {
    throw invalidParameter('parameter_invalid_integer', 'Three-decimal amounts must end in 0.', 'amount');
  }
}
