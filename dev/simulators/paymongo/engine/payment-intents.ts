/** Payment intents of wallets: create, attach, cancel, and what the buyer does on the approval page. */

import type { Approval, IntentObject, Metadata, MethodObject, PaymentObject, WalletType } from '../objects.ts';
import { WALLETS } from '../objects.ts';
import { noSuch, PayMongoFault, wrongState } from '../paymongo-fault.ts';
import { newPayMongoId, nowSeconds, type Simulation } from '../simulation.ts';
import { withRefunds } from './refunds.ts';

/** GCash 2.5 %, as PayMongo's price list has it; Maya costs the same here. */
const FEE_BPS = 250;

export type NewIntent = {
  amount: number;
  description?: string | undefined;
  payment_method_allowed: string[];
  metadata?: Metadata | undefined;
};

export function createIntent(simulation: Simulation, asked: NewIntent): IntentObject {
  const id = newPayMongoId('pi');
  const now = nowSeconds(simulation);
  return simulation.store.put('payment_intents', {
    id,
    type: 'payment_intent',
    attributes: {
      amount: asked.amount,
      capture_type: 'automatic',
      client_key: `${id}_client_${newPayMongoId('k').slice(2)}`,
      currency: 'PHP',
      description: asked.description ?? null,
      livemode: false,
      statement_descriptor: null,
      status: 'awaiting_payment_method',
      last_payment_error: null,
      payment_method_allowed: asked.payment_method_allowed,
      next_action: null,
      metadata: asked.metadata ?? null,
      created_at: now,
      updated_at: now,
    },
  });
}

/** The buyer is sent to the address in `next_action`. */
export function attachMethod(simulation: Simulation, intentId: string, methodId: string, returnUrl: string) {
  const intent = requireIntent(simulation, intentId);
  const { status, payment_method_allowed: allowed } = intent.attributes;
  if (status !== 'awaiting_payment_method') throw stateOf(intent, 'attached to');
  const method = requireMethod(simulation, methodId);
  if (!allowed.includes(method.attributes.type)) {
    const detail = `payment_method ${method.attributes.type} is not allowed.`;
    throw new PayMongoFault(400, 'payment_method_not_allowed', detail, 'payment_method');
  }
  const wallet: WalletType = method.attributes.type === 'gcash' ? 'gcash' : 'paymaya';
  const lapsesAtMs = simulation.clock.now() + simulation.settings.approvalMs[wallet];
  const id = newPayMongoId('auth');
  simulation.store.put('approvals', { id, intentId, methodId, lapsesAtMs });
  const redirect = { url: `${simulation.baseUrl()}/approve/${id}`, return_url: returnUrl };
  return change(simulation, intent, {
    status: 'awaiting_next_action',
    next_action: { type: 'redirect', redirect },
    last_payment_error: null,
  });
}

export function cancelIntent(simulation: Simulation, id: string): IntentObject {
  const intent = requireIntent(simulation, id);
  const { status } = intent.attributes;
  const waits = status === 'awaiting_payment_method' || status === 'awaiting_next_action';
  if (!waits || !simulation.settings.cancelsWhileWaiting) throw stateOf(intent, 'cancelled');
  return change(simulation, intent, { status: 'cancelled', next_action: null });
}

/** What the buyer does in the wallet's app. Fails where the attempt is over: paid, failed, lapsed or cancelled. */
export function answerApproval(simulation: Simulation, approvalId: string, outcome: 'pay' | 'fail'): IntentObject {
  lapseApprovals(simulation);
  const { intentId, methodId } = requireApproval(simulation, approvalId);
  const intent = requireIntent(simulation, intentId);
  if (intent.attributes.next_action?.redirect.url !== addressOf(simulation, approvalId)) {
    throw stateOf(intent, 'approved');
  }
  return outcome === 'pay' ? succeed(simulation, intent, methodId) : fail(simulation, intent, methodId, 'declined');
}

/** Attempts whose address has lapsed have failed, as GCash's checkouts do after four hours. */
export function lapseApprovals(simulation: Simulation): void {
  const { store, clock } = simulation;
  for (const approval of store.all('approvals')) {
    if (approval.lapsesAtMs > clock.now()) continue;
    store.delete('approvals', approval.id);
    const intent = store.get('payment_intents', approval.intentId);
    if (intent?.attributes.next_action?.redirect.url === addressOf(simulation, approval.id)) {
      fail(simulation, intent, approval.methodId, 'lapsed');
    }
  }
}

export function requireIntent({ store }: Simulation, id: string): IntentObject {
  const intent = store.get('payment_intents', id);
  if (!intent) throw noSuch('payment_intent', id);
  return intent;
}

export function requireApproval({ store }: Simulation, id: string): Approval {
  const approval = store.get('approvals', id);
  if (!approval) throw noSuch('approval', id);
  return approval;
}

/** The intent as PayMongo shows it, its payments within. */
export function withPayments(simulation: Simulation, intent: IntentObject) {
  const own = simulation.store.all('payments').filter(({ attributes }) => attributes.payment_intent_id === intent.id);
  const payments = own.map((payment) => withRefunds(simulation, payment));
  return { ...intent, attributes: { ...intent.attributes, payments } };
}

export function createMethod(simulation: Simulation, type: string, metadata: Metadata): MethodObject {
  if (!WALLETS.some((wallet) => wallet === type)) {
    throw new PayMongoFault(400, 'parameter_invalid', `type ${type} is not supported.`, 'type');
  }
  const now = nowSeconds(simulation);
  const attributes = { type, livemode: false, metadata, created_at: now, updated_at: now } as const;
  return simulation.store.put('payment_methods', { id: newPayMongoId('pm'), type: 'payment_method', attributes });
}

export function requireMethod({ store }: Simulation, id: string): MethodObject {
  const method = store.get('payment_methods', id);
  if (!method) throw noSuch('payment_method', id);
  return method;
}

function succeed(simulation: Simulation, intent: IntentObject, methodId: string): IntentObject {
  const payment = record(simulation, intent, methodId, { status: 'paid' });
  const changed = change(simulation, intent, { status: 'succeeded', next_action: null, last_payment_error: null });
  simulation.emit('payment.paid', withRefunds(simulation, payment));
  return changed;
}

/** https://developers.paymongo.com/docs/ewallet-errors */
function fail(simulation: Simulation, intent: IntentObject, methodId: string, why: 'declined' | 'lapsed') {
  const isMaya = requireMethod(simulation, methodId).attributes.type === 'paymaya';
  const failed_code = isMaya ? (why === 'lapsed' ? 'unknown_error' : 'generic_decline') : 'CLOSED';
  const failed_message = why === 'lapsed' ? 'The checkout has expired.' : 'The buyer did not approve the payment.';
  const payment = record(simulation, intent, methodId, { status: 'failed', failed_code, failed_message });
  const changed = change(simulation, intent, {
    status: 'awaiting_payment_method',
    next_action: null,
    last_payment_error: { failed_code, failed_message },
  });
  simulation.emit('payment.failed', withRefunds(simulation, payment));
  return changed;
}

function record(
  simulation: Simulation,
  { id: intentId, attributes: { amount, description, metadata } }: IntentObject,
  methodId: string,
  outcome: Pick<PaymentObject['attributes'], 'status' | 'failed_code' | 'failed_message'>,
): PaymentObject {
  const now = nowSeconds(simulation);
  const fee = outcome.status === 'paid' ? Math.round((amount * FEE_BPS) / 10_000) : 0;
  const source = { id: newPayMongoId('src'), type: requireMethod(simulation, methodId).attributes.type };
  return simulation.store.put('payments', {
    id: newPayMongoId('pay'),
    type: 'payment',
    attributes: {
      amount,
      currency: 'PHP',
      description,
      disputed: false,
      fee,
      livemode: false,
      net_amount: outcome.status === 'paid' ? amount - fee : 0,
      origin: 'api',
      payment_intent_id: intentId,
      source,
      metadata,
      created_at: now,
      paid_at: now,
      updated_at: now,
      ...outcome,
    },
  });
}

function change(simulation: Simulation, intent: IntentObject, changes: Partial<IntentObject['attributes']>) {
  const attributes = { ...intent.attributes, ...changes, updated_at: nowSeconds(simulation) };
  return simulation.store.put('payment_intents', { ...intent, attributes });
}

function addressOf(simulation: Simulation, approvalId: string): string {
  return `${simulation.baseUrl()}/approve/${approvalId}`;
}

function stateOf({ id, attributes }: IntentObject, verb: string): PayMongoFault {
  return wrongState(attributes.status, `Payment intent ${id} cannot be ${verb}: it is ${attributes.status}.`);
}
