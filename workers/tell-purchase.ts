/** What a provider's news means to a purchase of chips: its money has come, was declined, or went back. */

import type { MikroORM } from '@mikro-orm/postgresql';
import type { Client } from '@temporalio/client';
import { inTransaction } from '../activities/records/in-transaction.ts';
import { completePurchase } from '../activities/records/purchases/complete-purchase.ts';
import { takeChipsBack } from '../activities/records/purchases/take-chips-back.ts';
import { Purchase } from '../db/entities/purchase.entity.ts';
import type { WebhookInbox } from '../db/entities/webhook-inbox.entity.ts';
import type { PurchaseId } from '../domain/ids.ts';
import { isId } from '../domain/ids.ts';
import type { PaymentProviderName } from '../domain/policy/policy.ts';
import type { ProviderPayment } from '../providers/payments/port.ts';
import { purchaseDeclinedSignal, purchasePaidSignal, purchaseWorkflowId } from '../workflows/purchase/contract.ts';
import { type Handled, Unprocessable } from './inbox-relay.ts';
import { signalRunning } from './signal-running.ts';

export type PurchaseNewsDependencies = { orm: MikroORM; client: Client };

/**
 * Tells the purchase behind a payment what is true of it now, whatever the event was. Its workflow hears of money and of
 * declines; after its end the money is credited from here. What was refunded takes its chips back. Throws to be told again
 * where the purchase or its money is not stored yet.
 */
export async function tellPurchase(
  deps: PurchaseNewsDependencies,
  webhook: Pick<WebhookInbox, 'eventId' | 'type'>,
  atProvider: ProviderPayment,
): Promise<Handled> {
  const { subjectId, status, failureCode, amountRefundedMinor: refundedMinor } = atProvider;
  if (subjectId === null || !isId('purchase', subjectId)) return 'ignored';
  if (status === 'succeeded') {
    const credited = await tellOfMoney(deps, subjectId, atProvider);
    if (refundedMinor === 0 || !(await hasPaid(deps, subjectId, atProvider))) return credited;
    const taken = await takeChipsBack(deps.orm, { purchaseId: subjectId, kind: 'refund', refundedMinor });
    return taken ? 'done' : credited;
  }
  if (!webhook.type.endsWith('failed') || failureCode === null) return 'ignored';
  const decline = { eventId: webhook.eventId, failureCode };
  const purchase = deps.client.workflow.getHandle(purchaseWorkflowId(subjectId));
  const told = await signalRunning(deps.client, () => purchase.signal(purchaseDeclinedSignal, decline));
  return told ? 'done' : 'ignored';
}

/** The purchase that is paid by this object of a provider; null where there is none. */
export async function findPaidPurchase(
  orm: MikroORM,
  provider: PaymentProviderName,
  providerObjectId: string | null,
): Promise<Purchase | null> {
  return providerObjectId === null ? null : orm.em.fork().findOne(Purchase, { provider, providerObjectId });
}

/** False for a payment that came after another one had bought the chips: what goes back of it takes none. */
async function hasPaid(
  { orm }: PurchaseNewsDependencies,
  id: PurchaseId,
  { chargeId }: ProviderPayment,
): Promise<boolean> {
  const purchase = await orm.em.fork().findOneOrFail(Purchase, { id });
  return !purchase.completedAt || (purchase.chargeId ?? null) === chargeId;
}

/** The workflow credits the chips while it runs. After its end the same is done from here: late money still buys its chips. */
async function tellOfMoney(
  { orm, client }: PurchaseNewsDependencies,
  purchaseId: PurchaseId,
  { providerObjectId, status, amountReceivedMinor, amountMinor, currency, chargeId }: ProviderPayment,
): Promise<Handled> {
  const purchase = await orm.em.fork().findOne(Purchase, { id: purchaseId });
  if (!purchase) throw new Error(`purchase ${purchaseId} is not stored yet`);
  if (purchase.completedAt) return 'ignored';
  if (amountMinor !== purchase.amountMinor || currency !== purchase.currency) {
    throw new Unprocessable(`payment_amount_mismatch: ${amountMinor} ${currency}`);
  }
  const { paymentId } = purchase;
  const arrival = { paymentId, amountMinor: amountReceivedMinor, chargeId };
  const workflow = client.workflow.getHandle(purchaseWorkflowId(purchaseId));
  const news = { eventId: `${providerObjectId}:${status}`, ...arrival };
  const told = await signalRunning(client, () => workflow.signal(purchasePaidSignal, news));
  if (!told) await inTransaction(orm, (em) => completePurchase(em, { purchaseId, arrival }));
  return 'done';
}
