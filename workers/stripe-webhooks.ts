/** What a Stripe webhook means: the payment's current state is fetched and told to the order or purchase that owns it. */

import type { MikroORM } from '@mikro-orm/postgresql';
import type { Client } from '@temporalio/client';
import { arrivalOf } from '../activities/payments/arrival.ts';
import type { PaymentActivities } from '../activities/payments.ts';
import type { Payment } from '../db/entities/payment.entity.ts';
import type { WebhookInbox } from '../db/entities/webhook-inbox.entity.ts';
import { findPayment } from '../db/repositories/payments.ts';
import { isId } from '../domain/ids.ts';
import type { PaymentProvider, ProviderPayment } from '../providers/payments/port.ts';
import { STRIPE_EVENTS } from '../providers/payments/stripe/stripe-events.ts';
import { orderWorkflowId, paymentFailedSignal, paymentSucceededSignal } from '../workflows/order/contract.ts';
import { type Handled, Unprocessable, type WebhookHandler } from './inbox-relay.ts';
import { signalRunning } from './signal-running.ts';
import { isAboutChargeback, tellChargeback } from './stripe-chargebacks.ts';
import { findPaidPurchase, tellPurchase } from './tell-purchase.ts';

export type StripeWebhookDependencies = {
  orm: MikroORM;
  client: Client;
  stripe: PaymentProvider;
  refundLatePayment: PaymentActivities['refundLatePayment'];
};

/** The event is only a hint that something changed: events come in any order, so the object itself is read. */
export function createStripeWebhookHandler(deps: StripeWebhookDependencies): WebhookHandler {
  return async (webhook) => {
    if (!STRIPE_EVENTS.includes(webhook.type)) return 'ignored';
    const objectId = objectIdOf(webhook);
    if (isAboutChargeback(webhook)) return tellChargeback(deps, webhook, objectId);
    if (webhook.type === 'charge.refunded') return tellRefund(deps, webhook);
    const atProvider = await deps.stripe.retrievePayment(objectId);
    // An object that carries no id of ours was made by somebody else in the same account.
    if (atProvider.paymentId === null) return 'ignored';
    const { subjectId } = atProvider;
    if (subjectId !== null && isId('purchase', subjectId)) return tellPurchase(deps, webhook, atProvider);
    const payment = await findPayment(deps.orm.em.fork(), atProvider.paymentId);
    if (!payment) throw new Error(`payment ${atProvider.paymentId} is not stored yet`);
    return tellOrder(deps, webhook, payment, atProvider);
  };
}

function objectIdOf({ payload }: WebhookInbox): string {
  const { data } = payload as { data?: { object?: { id?: unknown } } };
  if (typeof data?.object?.id !== 'string') throw new Unprocessable('the event names no object');
  return data.object.id;
}

/** Refunds of orders are made from here and known: only those of purchases, made at the provider, are news. */
async function tellRefund(deps: StripeWebhookDependencies, webhook: WebhookInbox): Promise<Handled> {
  const { data } = webhook.payload as { data?: { object?: { payment_intent?: unknown } } };
  const providerObjectId = data?.object?.payment_intent;
  if (typeof providerObjectId !== 'string') return 'ignored';
  if (!(await findPaidPurchase(deps.orm, deps.stripe.name, providerObjectId))) return 'ignored';
  return tellPurchase(deps, webhook, await deps.stripe.retrievePayment(providerObjectId));
}

async function tellOrder(
  deps: StripeWebhookDependencies,
  webhook: WebhookInbox,
  payment: Payment,
  atProvider: ProviderPayment,
): Promise<Handled> {
  if (atProvider.status === 'succeeded' || atProvider.status === 'authorized') {
    if (atProvider.amountMinor !== payment.amountMinor || atProvider.currency !== payment.currency) {
      throw new Unprocessable(`payment_amount_mismatch: ${atProvider.amountMinor} ${atProvider.currency}`);
    }
    return tellOfMoney(deps, payment, atProvider);
  }
  if (webhook.type === 'payment_intent.payment_failed' && atProvider.failureCode !== null) {
    const decline = { eventId: webhook.eventId, paymentId: payment.id, failureCode: atProvider.failureCode };
    const told = await signalRunning(deps.client, () =>
      orderHandle(deps.client, payment).signal(paymentFailedSignal, decline),
    );
    return told ? 'done' : 'ignored';
  }
  return 'ignored';
}

async function tellOfMoney(
  deps: StripeWebhookDependencies,
  payment: Payment,
  atProvider: ProviderPayment,
): Promise<Handled> {
  const arrival = arrivalOf(payment.id, atProvider);
  const told = await signalRunning(deps.client, () =>
    orderHandle(deps.client, payment).signal(paymentSucceededSignal, arrival),
  );
  if (told) return 'done';
  // The order is over. Its own payment is old news; any other money goes back.
  const taken = ['succeeded', 'authorized', 'refunded', 'late_refunded'].includes(payment.status);
  if (taken) return 'ignored';
  await deps.refundLatePayment({ paymentId: payment.id });
  return 'done';
}

function orderHandle(client: Client, payment: Payment) {
  return client.workflow.getHandle(orderWorkflowId(payment.orderId));
}
