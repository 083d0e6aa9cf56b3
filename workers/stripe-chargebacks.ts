/** What Stripe tells of a chargeback: its state is fetched and told to its workflow, which the first news starts; a purchase needs none. */

import type { MikroORM } from '@mikro-orm/postgresql';
import type { Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { Chargeback } from '../db/entities/chargeback.entity.ts';
import { Payment } from '../db/entities/payment.entity.ts';
import type { WebhookInbox } from '../db/entities/webhook-inbox.entity.ts';
import type { PaymentProvider, ProviderChargeback } from '../providers/payments/port.ts';
import {
  CHARGEBACK_WORKFLOW_TYPE,
  type ChargebackInput,
  type ChargebackReported,
  chargebackReportedSignal,
  chargebackWorkflowId,
} from '../workflows/chargeback/contract.ts';
import { TASK_QUEUES } from '../workflows/task-queues.ts';
import { type Handled, Unprocessable } from './inbox-relay.ts';
import { tellPurchaseOfChargeback } from './purchase-chargebacks.ts';
import { findPaidPurchase } from './tell-purchase.ts';

type Dependencies = { orm: MikroORM; client: Client; stripe: PaymentProvider };

const START_DEADLINE_MS = 5_000;

/** Payments whose money we know to have arrived, whatever became of it. */
const TAKEN: readonly Payment['status'][] = ['succeeded', 'authorized', 'refunded', 'late_refunded'];

export function isAboutChargeback({ type }: WebhookInbox): boolean {
  return type.startsWith('charge.dispute.');
}

/** Events come in any order and more than once: whichever is first starts the workflow with what is true now. */
export async function tellChargeback(
  deps: Dependencies,
  webhook: WebhookInbox,
  chargebackId: string,
): Promise<Handled> {
  const atProvider = await deps.stripe.retrieveChargeback(chargebackId);
  const { providerPaymentId } = atProvider;
  const purchase = await findPaidPurchase(deps.orm, deps.stripe.name, providerPaymentId);
  if (purchase) return tellPurchaseOfChargeback(deps, webhook, purchase, atProvider);
  const payment = await paymentOf(deps, atProvider);
  if (!payment) return 'ignored';
  // Its holds come with the payment: without them nobody would be found to carry it.
  if (!TAKEN.includes(payment.status)) throw new Error(`payment ${payment.id} is not booked yet: ${payment.status}`);
  const { amountMinor, currency, reason, evidenceDueBy, status, feeMinor } = atProvider;
  const { id: paymentId, orderId } = payment;
  const input = { chargebackId, paymentId, orderId, amountMinor, currency, reason, evidenceDueBy };
  const started = await signalWithStart(deps.client, input, { eventId: webhook.eventId, status, feeMinor });
  return started ? 'done' : await afterItsEnd(deps.orm, atProvider);
}

/** Null for a payment that somebody else made in the same account. */
async function paymentOf({ orm, stripe }: Dependencies, { providerPaymentId }: ProviderChargeback) {
  if (providerPaymentId === null) return null;
  const em = orm.em.fork();
  const payment = await em.findOne(Payment, { provider: stripe.name, providerObjectId: providerPaymentId });
  if (payment) return payment;
  const { paymentId } = await stripe.retrievePayment(providerPaymentId);
  if (paymentId !== null) throw new Error(`payment ${paymentId} is not stored yet`);
  return null;
}

/** False where its workflow has run and ended: nobody is started a second time. */
async function signalWithStart(client: Client, input: ChargebackInput, reported: ChargebackReported): Promise<boolean> {
  try {
    await client.connection.withDeadline(Date.now() + START_DEADLINE_MS, () =>
      client.workflow.signalWithStart(CHARGEBACK_WORKFLOW_TYPE, {
        workflowId: chargebackWorkflowId(input.chargebackId),
        taskQueue: TASK_QUEUES.core,
        args: [input],
        signal: chargebackReportedSignal,
        signalArgs: [reported],
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

/** Old news, unless a bank has gone back on its decision: no rule of ours covers that, so an operator looks. */
async function afterItsEnd(orm: MikroORM, { id, status }: ProviderChargeback): Promise<Handled> {
  const stored = await orm.em.fork().findOne(Chargeback, { id });
  if (!stored || stored.status === status) return 'ignored';
  throw new Unprocessable(`chargeback ${id} ended as ${stored.status}, and now it is ${status}`);
}
