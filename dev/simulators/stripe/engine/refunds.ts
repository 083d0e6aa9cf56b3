/** Refunds: money back to the buyer, never more than the charge took. */

import { type ChargeObject, PLATFORM, type RefundObject } from '../objects.ts';
import { newStripeId, nowSeconds, type Simulation } from '../simulation.ts';
import { invalidParameter, invalidRequest, noSuch } from '../stripe-fault.ts';
import { moveBalance } from './balances.ts';
import { disputedAmount } from './disputes.ts';

export type CreateRefund = {
  payment_intent?: string;
  charge?: string;
  amount?: number;
  metadata?: Record<string, string>;
  reason?: string;
};

/** A refund that succeeds at once; the platform's balance may go below zero for it. */
export function createRefund(simulation: Simulation, params: CreateRefund): RefundObject {
  const charge = requireRefundable(simulation, params);
  const left = charge.amount_captured - charge.amount_refunded;
  if (left === 0) {
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, 'charge_already_refunded');
  }
  const amount = params.amount ?? left;
  if (amount < 1 || amount > left) {
    throw invalidRequest(
      `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`,
      undefined,
      'amount',
    );
  }
  if (amount > left - disputedAmount(simulation, charge.id)) {
    throw invalidRequest(`The charge ${charge.id} has been charged back; cannot issue a refund.`, 'charge_disputed');
  }
  const id = newStripeId('re');
  const balanceTransaction = book(simulation, id, charge.currency, -amount);
  const refund = simulation.store.put('refunds', {
    id,
    object: 'refund',
    amount,
    balance_transaction: balanceTransaction,
    charge: charge.id,
    created: nowSeconds(simulation),
    currency: charge.currency,
    metadata: params.metadata ?? {},
    payment_intent: charge.payment_intent,
    reason: params.reason ?? null,
    status: 'succeeded',
  });
  const refunded = changeRefunded(simulation, charge, amount);
  simulation.emit('refund.created', refund);
  simulation.emit('charge.refunded', refunded);
  return refund;
}

/** The bank sends a refund back, days later: the money is the platform's again. */
export function failRefund(simulation: Simulation, id: string): RefundObject {
  const refund = simulation.store.get('refunds', id);
  if (!refund) throw noSuch('refund', id);
  if (refund.status === 'failed') throw invalidRequest(`Refund ${id} has failed already.`);
  const charge = simulation.store.get('charges', refund.charge);
  if (!charge) throw noSuch('charge', refund.charge);
  book(simulation, id, refund.currency, refund.amount);
  changeRefunded(simulation, charge, -refund.amount);
  const failed = simulation.store.put('refunds', {
    ...refund,
    status: 'failed',
    failure_reason: 'lost_or_stolen_card',
  });
  simulation.emit('charge.refund.updated', failed);
  simulation.emit('refund.failed', failed);
  return failed;
}

function requireRefundable(simulation: Simulation, params: CreateRefund): ChargeObject {
  const { store } = simulation;
  if (params.payment_intent === undefined && params.charge === undefined) {
    throw invalidParameter('parameter_missing', 'One of charge or payment_intent must be provided.');
  }
  if (params.charge !== undefined) {
    const charge = store.get('charges', params.charge);
    if (!charge) throw noSuch('charge', params.charge, 'charge');
    return requireCaptured(charge);
  }
  const id = params.payment_intent ?? '';
  const intent = store.get('payment_intents', id);
  if (!intent) throw noSuch('payment_intent', id, 'payment_intent');
  const charge = intent.latest_charge === null ? undefined : store.get('charges', intent.latest_charge);
  if (!charge) throw invalidRequest(`This PaymentIntent (${id}) does not have a successful charge to refund.`);
  return requireCaptured(charge);
}

function requireCaptured(charge: ChargeObject): ChargeObject {
  if (charge.captured) return charge;
  throw invalidRequest(`This PaymentIntent (${charge.payment_intent}) does not have a successful charge to refund.`);
}

function changeRefunded(simulation: Simulation, charge: ChargeObject, by: number): ChargeObject {
  const amountRefunded = charge.amount_refunded + by;
  return simulation.store.put('charges', {
    ...charge,
    amount_refunded: amountRefunded,
    refunded: amountRefunded === charge.amount_captured,
  });
}

function book(simulation: Simulation, source: string, currency: string, net: number): string {
  return moveBalance(simulation, { account: PLATFORM, currency, net, availableOn: simulation.clock.now(), source });
}
