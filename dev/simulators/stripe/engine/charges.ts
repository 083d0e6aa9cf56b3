/** Charges: what one attempt to pay leaves behind. */

import type { ChargeObject, PaymentIntentObject } from '../objects.ts';
import { newStripeId, nowSeconds, type Simulation } from '../simulation.ts';
import { bookCharge } from './balances.ts';
import type { PaymentMethod } from './payment-methods.ts';

type Failure = { code: string; message: string };

/** Stores the charge of one attempt: failed, authorised only, or captured. Announces it. */
export function createCharge(
  simulation: Simulation,
  intent: PaymentIntentObject,
  method: PaymentMethod,
  failure: Failure | null = null,
): ChargeObject {
  const captured = failure === null && intent.capture_method === 'automatic';
  const charge: ChargeObject = {
    id: newStripeId('ch'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: captured ? intent.amount : 0,
    amount_refunded: 0,
    balance_transaction: null,
    captured,
    created: nowSeconds(simulation),
    currency: intent.currency,
    description: intent.description,
    disputed: false,
    failure_code: failure?.code ?? null,
    failure_message: failure?.message ?? null,
    livemode: false,
    metadata: intent.metadata,
    paid: failure === null,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: methodDetails(simulation, method, failure === null && !captured),
    refunded: false,
    status: failure === null ? 'succeeded' : 'failed',
    transfer_group: intent.transfer_group,
  };
  const stored = simulation.store.put('charges', captured ? booked(simulation, charge) : charge);
  simulation.emit(failure === null ? 'charge.succeeded' : 'charge.failed', stored);
  return stored;
}

/** Takes an authorised amount, or less: the rest is set free. */
export function captureCharge(simulation: Simulation, charge: ChargeObject, amount: number): ChargeObject {
  const captured = booked(simulation, { ...charge, captured: true, amount_captured: amount });
  simulation.store.put('charges', captured);
  simulation.emit('charge.captured', captured);
  return captured;
}

/** Sets an authorisation free, because someone cancelled it or its time is over. */
export function voidCharge(
  simulation: Simulation,
  charge: ChargeObject,
  event: 'charge.refunded' | 'charge.expired',
): void {
  const voided = simulation.store.put('charges', { ...charge, refunded: true, amount_refunded: charge.amount });
  simulation.emit(event, voided);
}

function booked(simulation: Simulation, charge: ChargeObject): ChargeObject {
  const { id, amount_captured: amount, currency, payment_method: method } = charge;
  const availableAtOnce = method === 'pm_card_bypassPending';
  return { ...charge, balance_transaction: bookCharge(simulation, { id, amount, currency, availableAtOnce }) };
}

function methodDetails(
  simulation: Simulation,
  method: PaymentMethod,
  authorisedOnly: boolean,
): ChargeObject['payment_method_details'] {
  if (method.type !== 'card') return { type: method.type };
  const brand = method.id === 'pm_card_mastercard' ? 'mastercard' : 'visa';
  const card = { brand, last4: method.last4, country: 'US', funding: 'credit', network: brand };
  if (!authorisedOnly) return { type: 'card', card };
  const lapsesAtMs = simulation.clock.now() + simulation.settings.authorisationMs;
  return { type: 'card', card: { ...card, capture_before: Math.ceil(lapsesAtMs / 1000) } };
}
