/** The life of a PaymentIntent after its creation: confirm, authenticate, capture, cancel, lapse. */

import type { ChargeObject, PaymentError, PaymentIntentObject } from '../objects.ts';
import { nowSeconds, type Simulation } from '../simulation.ts';
import { cardDeclined, invalidParameter, invalidRequest, noSuch, unexpectedState } from '../stripe-fault.ts';
import { captureCharge, createCharge, voidCharge } from './charges.ts';
import { declineError, findPaymentMethod, type PaymentMethod } from './payment-methods.ts';

export type Confirmation = { payment_method?: string; payment_method_type?: string; return_url?: string };

/** Throws resource_missing. */
export function requirePaymentIntent(simulation: Simulation, id: string): PaymentIntentObject {
  const intent = simulation.store.get('payment_intents', id);
  if (!intent) throw noSuch('payment_intent', id);
  return intent;
}

/** Tries to pay, as the buyer's browser does it. A decline answers 402 and leaves the PaymentIntent open. */
export function confirmPaymentIntent(
  simulation: Simulation,
  id: string,
  confirmation: Confirmation,
): PaymentIntentObject {
  const intent = requirePaymentIntent(simulation, id);
  if (intent.status !== 'requires_payment_method' && intent.status !== 'requires_action') {
    throw unexpectedState('confirm', intent);
  }
  const method = requirePaymentMethod(intent, confirmation);
  const { behaviour } = method;
  if (behaviour.kind === 'pays') return pay(simulation, intent, method);
  if (behaviour.kind === 'asks_for_authentication')
    return askForAuthentication(simulation, intent, method, confirmation);
  const charge = createCharge(simulation, intent, method, behaviour);
  const error = declineError(behaviour, charge.id);
  throw cardDeclined(error, fail(simulation, { ...intent, latest_charge: charge.id, payment_method: null }, error));
}

/** The buyer's bank has asked them, and they have said yes or no. */
export function authenticatePaymentIntent(simulation: Simulation, id: string, approved: boolean): PaymentIntentObject {
  const intent = requirePaymentIntent(simulation, id);
  if (intent.status !== 'requires_action') throw unexpectedState('authenticate', intent);
  const isCard = intent.payment_method?.startsWith('pm_card_');
  const method = isCard
    ? findPaymentMethod(intent.payment_method ?? undefined, undefined)
    : findPaymentMethod(undefined, intent.payment_method_types[0]);
  if (approved && method) return pay(simulation, intent, method);
  return fail(simulation, intent, {
    type: 'invalid_request_error',
    code: 'payment_intent_authentication_failure',
    message: 'The provided PaymentMethod has failed authentication.',
  });
}

/** Takes what was authorised, or less of it. */
export function capturePaymentIntent(
  simulation: Simulation,
  id: string,
  amountToCapture?: number,
): PaymentIntentObject {
  const intent = requirePaymentIntent(simulation, id);
  if (intent.status !== 'requires_capture') throw unexpectedState('capture', intent);
  const amount = amountToCapture ?? intent.amount_capturable;
  if (amount < 1 || amount > intent.amount_capturable) {
    throw invalidRequest(
      `The amount to capture must be at most ${intent.amount_capturable}.`,
      'amount_too_large',
      'amount_to_capture',
    );
  }
  captureCharge(simulation, requireLatestCharge(simulation, intent), amount);
  return change(
    simulation,
    { ...intent, status: 'succeeded', amount_capturable: 0, amount_received: amount },
    'payment_intent.succeeded',
  );
}

/** Ends it without money; an authorisation is set free. A PaymentIntent that has ended cannot be cancelled. */
export function cancelPaymentIntent(simulation: Simulation, id: string, reason: string | null): PaymentIntentObject {
  const intent = requirePaymentIntent(simulation, id);
  if (intent.status === 'succeeded' || intent.status === 'canceled') throw unexpectedState('cancel', intent);
  if (intent.status === 'requires_capture') {
    voidCharge(simulation, requireLatestCharge(simulation, intent), 'charge.refunded');
  }
  return end(simulation, intent, reason);
}

/** Lapses every authorisation whose `capture_before` has passed. */
export function lapseAuthorisations(simulation: Simulation): void {
  const now = simulation.clock.now();
  for (const intent of simulation.store.all('payment_intents')) {
    if (intent.status !== 'requires_capture') continue;
    const charge = requireLatestCharge(simulation, intent);
    const captureBefore = charge.payment_method_details.card?.capture_before;
    if (captureBefore === undefined || captureBefore * 1000 > now) continue;
    voidCharge(simulation, charge, 'charge.expired');
    end(simulation, intent, 'automatic');
  }
}

function pay(simulation: Simulation, intent: PaymentIntentObject, method: PaymentMethod): PaymentIntentObject {
  const charge = createCharge(simulation, intent, method);
  const paid = {
    ...intent,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    payment_method: method.id,
  };
  if (charge.captured) {
    return change(
      simulation,
      { ...paid, status: 'succeeded', amount_received: intent.amount },
      'payment_intent.succeeded',
    );
  }
  return change(
    simulation,
    { ...paid, status: 'requires_capture', amount_capturable: intent.amount },
    'payment_intent.amount_capturable_updated',
  );
}

/** Stripe sends the buyer to their bank only with a return address; the simulator always has a page to show. */
function askForAuthentication(
  simulation: Simulation,
  intent: PaymentIntentObject,
  method: PaymentMethod,
  { return_url: returnUrl = null }: { return_url?: string | null },
): PaymentIntentObject {
  const url = `${simulation.baseUrl()}/authenticate/${intent.id}?client_secret=${intent.client_secret}`;
  return change(
    simulation,
    {
      ...intent,
      status: 'requires_action',
      last_payment_error: null,
      next_action: { type: 'redirect_to_url', redirect_to_url: { url, return_url: returnUrl } },
      payment_method: method.id,
    },
    'payment_intent.requires_action',
  );
}

function fail(simulation: Simulation, intent: PaymentIntentObject, error: PaymentError): PaymentIntentObject {
  return change(
    simulation,
    {
      ...intent,
      status: 'requires_payment_method',
      last_payment_error: error,
      next_action: null,
      payment_method: null,
    },
    'payment_intent.payment_failed',
  );
}

function end(simulation: Simulation, intent: PaymentIntentObject, reason: string | null): PaymentIntentObject {
  return change(
    simulation,
    {
      ...intent,
      status: 'canceled',
      amount_capturable: 0,
      canceled_at: nowSeconds(simulation),
      cancellation_reason: reason,
      next_action: null,
    },
    'payment_intent.canceled',
  );
}

function change(simulation: Simulation, intent: PaymentIntentObject, event: string): PaymentIntentObject {
  simulation.store.put('payment_intents', intent);
  simulation.emit(event, intent);
  return intent;
}

function requireLatestCharge(simulation: Simulation, intent: PaymentIntentObject): ChargeObject {
  const charge = intent.latest_charge === null ? undefined : simulation.store.get('charges', intent.latest_charge);
  if (!charge) throw new Error(`PaymentIntent ${intent.id} is ${intent.status} without a charge`);
  return charge;
}

function requirePaymentMethod(intent: PaymentIntentObject, confirmation: Confirmation): PaymentMethod {
  const { payment_method: id, payment_method_type: type } = confirmation;
  if (id === undefined && type === undefined) {
    throw invalidParameter('parameter_missing', 'You must provide a payment method.', 'payment_method');
  }
  const method = findPaymentMethod(id, type);
  if (!method) throw noSuch('PaymentMethod', id ?? type ?? '', 'payment_method');
  if (!intent.payment_method_types.includes(method.type)) {
    throw invalidParameter(
      'payment_intent_incompatible_payment_method',
      `The PaymentMethod provided (${method.type}) is not allowed for this PaymentIntent.`,
      'payment_method',
    );
  }
  return method;
}
