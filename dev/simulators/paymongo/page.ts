/** The pages for people: the wallet's question to the buyer, and all payments. */

import type { Hono } from 'hono';
import { html } from 'hono/html';
import { z } from 'zod';
import { page, paymentsTable } from '../shared/page.ts';
import { answerApproval, requireApproval, requireIntent } from './engine/payment-intents.ts';
import type { IntentObject } from './objects.ts';
import type { SimulatorEnv } from './routes/api.ts';
import type { Simulation } from './simulation.ts';

const SHOWN = 50;
const answer = z.strictObject({ outcome: z.enum(['pay', 'fail']) });

export function pageRoutes(app: Hono<SimulatorEnv>, simulation: Simulation): void {
  app.get('/', (c) => {
    const intents = simulation.store.all('payment_intents').slice(-SHOWN).toReversed();
    const rows = intents.map((intent) => {
      const { status, description, last_payment_error: failure, next_action: next } = intent.attributes;
      return html`<tr>
        <td><code>${intent.id}</code></td>
        <td>${amountOf(intent)}</td>
        <td>${status}${failure ? html` <small>(${failure.failed_code})</small>` : ''}</td>
        <td>${description}</td>
        <td>${next ? html`<a href="${next.redirect.url}">Approve …</a>` : ''}</td>
      </tr>`;
    });
    return page(c, 'PayMongo', 'Payments', paymentsTable(rows, 'No payments yet: buy chips.'));
  });

  app.get('/approve/:id', (c) => {
    const intent = requireIntent(simulation, requireApproval(simulation, c.req.param('id')).intentId);
    const { description, status } = intent.attributes;
    const button = (outcome: string, label: string) =>
      html`<button name="outcome" value="${outcome}">${label}</button>`;
    return page(
      c,
      'PayMongo',
      'GCash / Maya asks',
      html`<p>Pay ${amountOf(intent)}? ${description}</p>
        ${
          status === 'awaiting_next_action'
            ? html`<form method="post">${button('pay', 'Pay')} ${button('fail', 'Refuse')}</form>`
            : html`<p>The payment is <strong>${status}</strong>.</p>`
        }
        <p><a href="/">All payments</a></p>`,
    );
  });

  /** The buyer's browser is sent back to the shop; whoever asks for JSON gets the outcome. */
  app.post('/approve/:id', async (c) => {
    const id = c.req.param('id');
    const { outcome } = answer.parse(await c.req.parseBody());
    const returnUrl = requireIntent(simulation, requireApproval(simulation, id).intentId).attributes.next_action
      ?.redirect.return_url;
    const { id: intentId, attributes } = answerApproval(simulation, id, outcome);
    if (c.req.header('Accept')?.includes('application/json')) {
      return c.json({ paymentIntent: intentId, status: attributes.status });
    }
    return c.redirect(returnUrl ?? '/', 303);
  });
}

function amountOf({ attributes: { amount } }: IntentObject): string {
  return `PHP ${(amount / 100).toFixed(2)}`;
}
