/** The pages for people: payments with buttons that act as the buyer, and the bank's question to the buyer. */

import type { Hono } from 'hono';
import { html } from 'hono/html';
import { page, paymentsTable } from '../shared/page.ts';
import { closeDispute, openDispute } from './engine/disputes.ts';
import { authenticatePaymentIntent, confirmPaymentIntent, requirePaymentIntent } from './engine/payment-intents.ts';
import type { SimulatorEnv } from './http/env.ts';
import type { PaymentIntentObject } from './objects.ts';
import type { Simulation } from './simulation.ts';
import { StripeFault } from './stripe-fault.ts';

const SHOWN = 50;

const BUTTONS: Readonly<Record<string, { label: string; act: (simulation: Simulation, id: string) => void }>> = {
  pay: { label: 'Pay', act: (simulation, id) => confirm(simulation, id, 'pm_card_visa') },
  decline: { label: 'Decline', act: (simulation, id) => confirm(simulation, id, 'pm_card_chargeDeclined') },
  challenge: {
    label: 'Ask the bank',
    act: (simulation, id) => confirm(simulation, id, 'pm_card_authenticationRequired'),
  },
  approve: { label: 'Approve', act: (simulation, id) => void authenticatePaymentIntent(simulation, id, true) },
  refuse: { label: 'Refuse', act: (simulation, id) => void authenticatePaymentIntent(simulation, id, false) },
  charge_back: {
    label: 'Have the bank take it back',
    act: (simulation, id) => void openDispute(simulation, { paymentIntent: id }),
  },
  bank_agrees: { label: 'The bank: lost', act: (simulation, id) => decide(simulation, id, 'lost') },
  bank_refuses: { label: 'The bank: won', act: (simulation, id) => decide(simulation, id, 'won') },
};

const BUTTONS_BY_STATUS: Readonly<Record<string, readonly string[]>> = {
  requires_payment_method: ['pay', 'decline', 'challenge'],
  requires_action: ['approve', 'refuse'],
  succeeded: ['charge_back'],
};

export function pageRoutes(app: Hono<SimulatorEnv>, simulation: Simulation): void {
  app.get('/', (c) => {
    const intents = simulation.store.all('payment_intents').slice(-SHOWN).toReversed();
    const rows = intents.map(
      (intent) => html`<tr>
        <td><code>${intent.id}</code></td>
        <td>${amountOf(intent)}</td>
        <td>${intent.status}${intent.last_payment_error ? html` <small>(${intent.last_payment_error.message})</small>` : ''}</td>
        <td>${intent.description}</td>
        <td>${buttons(simulation, intent)}</td>
      </tr>`,
    );
    return page(c, 'Stripe', 'Payments', paymentsTable(rows, 'No payments yet: place an order.'));
  });

  app.get('/authenticate/:id', (c) => {
    const intent = requirePaymentIntent(simulation, c.req.param('id'));
    return page(
      c,
      'Stripe',
      'Your bank asks',
      html`<p>Pay ${amountOf(intent)}? ${intent.description}</p>
        <p>${buttons(simulation, intent)}</p>
        <p>The payment is <strong>${intent.status}</strong>. <a href="/">All payments</a></p>`,
    );
  });

  app.post('/page/payments/:id/:action', (c) => {
    try {
      BUTTONS[c.req.param('action')]?.act(simulation, c.req.param('id'));
    } catch (error) {
      // A decline is what the person asked for; the row shows it.
      if (!(error instanceof StripeFault)) throw error;
    }
    return c.redirect('/', 303);
  });
}

function confirm(simulation: Simulation, id: string, card: string): void {
  const [type] = requirePaymentIntent(simulation, id).payment_method_types;
  confirmPaymentIntent(simulation, id, type === 'card' ? { payment_method: card } : { payment_method_type: type });
}

/** The dispute of a payment that the bank has not decided. */
function openDisputeOf(simulation: Simulation, id: string) {
  const isOpen = (status: string): boolean => status === 'needs_response' || status === 'under_review';
  return simulation.store.all('disputes').find((dispute) => dispute.payment_intent === id && isOpen(dispute.status));
}

function decide(simulation: Simulation, id: string, status: 'won' | 'lost'): void {
  const dispute = openDisputeOf(simulation, id);
  if (dispute) closeDispute(simulation, dispute.id, status);
}

function buttons(simulation: Simulation, intent: PaymentIntentObject) {
  const actions = openDisputeOf(simulation, intent.id)
    ? ['bank_agrees', 'bank_refuses']
    : (BUTTONS_BY_STATUS[intent.status] ?? []);
  return actions.map(
    (action) => html`<form method="post" action="/page/payments/${intent.id}/${action}">
      <button>${BUTTONS[action]?.label}</button>
    </form>`,
  );
}

/** Stripe's amount and currency, unconverted: this is Stripe's side of the table. */
function amountOf({ amount, currency }: PaymentIntentObject): string {
  const { maximumFractionDigits: digits = 2 } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
  }).resolvedOptions();
  return `${(amount / 10 ** digits).toFixed(digits)} ${currency.toUpperCase()}`;
}
