/** Disputes: the buyer's bank takes a payment back, hears us, and decides. */

import { type ChargeObject, type DisputeObject, PLATFORM } from '../objects.ts';
import { newStripeId, nowSeconds, type Simulation } from '../simulation.ts';
import { invalidRequest, noSuch } from '../stripe-fault.ts';
import { moveBalance } from './balances.ts';
import { requirePaymentIntent } from './payment-intents.ts';

/** Whoever opens one: an amount in Stripe's units (the whole charge by default), Stripe's word for the reason. */
export type OpenDispute = { paymentIntent: string; amount?: number; reason?: string; dueInMs?: number };

/** Banks give about a week; Stripe passes on some days less. */
const DUE_IN_MS = 7 * 86_400_000;

/** What a dispute costs, won or lost: 15.00 in the charge's currency. */
const FEE = 1_500;

/** The bank wants its customer's money back: it is withdrawn at once, with the fee. */
export function openDispute(simulation: Simulation, params: OpenDispute): DisputeObject {
  const charge = disputable(simulation, params.paymentIntent);
  const amount = params.amount ?? charge.amount_captured;
  if (amount < 1 || amount > charge.amount_captured) {
    throw invalidRequest(`A bank cannot take back ${amount} of a charge of ${charge.amount_captured}.`);
  }
  const id = newStripeId('dp');
  const now = simulation.clock.now();
  const opened = simulation.store.put('disputes', {
    id,
    object: 'dispute',
    amount,
    balance_transactions: [moved(simulation, { id, charge, amount: -amount, fee: FEE })],
    charge: charge.id,
    created: nowSeconds(simulation),
    currency: charge.currency,
    evidence: {},
    evidence_details: {
      due_by: Math.floor((now + (params.dueInMs ?? DUE_IN_MS)) / 1000),
      has_evidence: false,
      past_due: false,
      submission_count: 0,
    },
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason: params.reason ?? 'general',
    status: 'needs_response',
  });
  simulation.store.put('charges', { ...charge, disputed: true });
  simulation.emit('charge.dispute.created', opened);
  simulation.emit('charge.dispute.funds_withdrawn', opened);
  return opened;
}

/** Stages evidence, or sends it to the bank: once. */
export function updateDispute(
  simulation: Simulation,
  id: string,
  { evidence = {}, submit = true }: { evidence?: Record<string, string>; submit?: boolean },
): DisputeObject {
  const dispute = requireUndecided(simulation, id);
  const { evidence_details: details } = dispute;
  if (details.submission_count > 0) throw invalidRequest('Evidence for this dispute has already been submitted.');
  if (isPastDue(simulation, dispute)) throw invalidRequest('The due date for evidence of this dispute has passed.');
  const updated = simulation.store.put('disputes', {
    ...dispute,
    evidence: { ...dispute.evidence, ...evidence },
    evidence_details: { ...details, has_evidence: true, submission_count: submit ? 1 : 0 },
    status: submit ? 'under_review' : dispute.status,
  });
  simulation.emit('charge.dispute.updated', updated);
  return updated;
}

/** The bank decides. Won: the money comes back, the fee does not. */
export function closeDispute(simulation: Simulation, id: string, status: 'won' | 'lost'): DisputeObject {
  const dispute = requireUndecided(simulation, id);
  const { charge: chargeId, amount } = dispute;
  const charge = simulation.store.get('charges', chargeId);
  if (!charge) throw noSuch('charge', chargeId);
  const given = status === 'won' ? [moved(simulation, { id, charge, amount, fee: 0 })] : [];
  const closed = simulation.store.put('disputes', {
    ...dispute,
    balance_transactions: [...dispute.balance_transactions, ...given],
    status,
  });
  simulation.emit('charge.dispute.closed', closed);
  if (status === 'won') simulation.emit('charge.dispute.funds_reinstated', closed);
  return closed;
}

/** The dispute as Stripe shows it now. Throws resource_missing. */
export function requireDispute(simulation: Simulation, id: string): DisputeObject {
  const dispute = simulation.store.get('disputes', id);
  if (!dispute) throw noSuch('dispute', id);
  const details = { ...dispute.evidence_details, past_due: isPastDue(simulation, dispute) };
  return { ...dispute, evidence_details: details };
}

/** How much of a charge banks have taken back or may still take: that much cannot be refunded any more. */
export function disputedAmount(simulation: Simulation, chargeId: string): number {
  return simulation.store
    .all('disputes')
    .filter(({ charge, status }) => charge === chargeId && status !== 'won')
    .reduce((sum, { amount }) => sum + amount, 0);
}

function requireUndecided(simulation: Simulation, id: string): DisputeObject {
  const dispute = requireDispute(simulation, id);
  if (dispute.status === 'won' || dispute.status === 'lost') {
    throw invalidRequest('This dispute is already closed', 'charge_dispute_closed');
  }
  return dispute;
}

function isPastDue(simulation: Simulation, { evidence_details: details }: DisputeObject): boolean {
  return details.submission_count === 0 && details.due_by * 1000 < simulation.clock.now();
}

function disputable(simulation: Simulation, paymentIntentId: string): ChargeObject {
  const { latest_charge: chargeId } = requirePaymentIntent(simulation, paymentIntentId);
  const charge = chargeId === null ? undefined : simulation.store.get('charges', chargeId);
  if (charge?.captured) return charge;
  throw invalidRequest(`This PaymentIntent (${paymentIntentId}) has no charge that a bank could take back.`);
}

function moved(simulation: Simulation, move: { id: string; charge: ChargeObject; amount: number; fee: number }) {
  const { id: source, charge, amount, fee } = move;
  const { currency } = charge;
  const net = amount - fee;
  const availableOn = simulation.clock.now();
  return {
    id: moveBalance(simulation, { account: PLATFORM, currency, net, availableOn, source }),
    object: 'balance_transaction' as const,
    amount,
    created: nowSeconds(simulation),
    currency,
    description: amount < 0 ? `Chargeback withdrawal for ${charge.id}` : `Chargeback reversal for ${charge.id}`,
    fee,
    net,
    source,
    type: 'adjustment' as const,
  };
}
