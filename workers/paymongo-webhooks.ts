/** What a PayMongo webhook means: the intent's current state is fetched and told to the purchase that owns it. */

import { Purchase } from '../db/entities/purchase.entity.ts';
import type { WebhookInbox } from '../db/entities/webhook-inbox.entity.ts';
import { isId, type PurchaseId } from '../domain/ids.ts';
import { PAYMONGO_EVENTS } from '../providers/payments/paymongo/paymongo-events.ts';
import type { PaymentProvider, ProviderPayment } from '../providers/payments/port.ts';
import { ProviderError } from '../providers/payments/provider-error.ts';
import { Unprocessable, type WebhookHandler } from './inbox-relay.ts';
import { type PurchaseNewsDependencies, tellPurchase } from './tell-purchase.ts';

/** `paymongo`: any of its wallets, they share the account. */
export type PayMongoWebhookDependencies = PurchaseNewsDependencies & {
  paymongo: Pick<PaymentProvider, 'retrievePayment'>;
};

/** The event is only a hint that something changed: events come in any order, so the intent itself is read. */
export function createPayMongoWebhookHandler(deps: PayMongoWebhookDependencies): WebhookHandler {
  return async (webhook) => {
    if (!PAYMONGO_EVENTS.includes(webhook.type)) return 'ignored';
    const atProvider = await paymentBehind(deps.paymongo, objectIdOf(webhook));
    // Without ids of ours somebody else made it, in the same account.
    if (!atProvider || atProvider.subjectId === null) return 'ignored';
    if (isId('order', atProvider.subjectId)) {
      throw new Unprocessable(`orders are not paid through PayMongo: ${atProvider.subjectId}`);
    }
    await assertPaidOnce(deps, atProvider.subjectId, atProvider);
    return tellPurchase(deps, webhook, atProvider);
  };
}

/** A purchase is sold once: money that a second intent took for it has bought nothing, and an operator sends it back. */
async function assertPaidOnce(
  { orm }: PayMongoWebhookDependencies,
  purchaseId: PurchaseId,
  atProvider: ProviderPayment,
) {
  const { providerObjectId, chargeId, amountReceivedMinor, amountRefundedMinor } = atProvider;
  if (amountReceivedMinor === amountRefundedMinor) return;
  const purchase = await orm.em.fork().findOne(Purchase, { id: purchaseId });
  if (!purchase?.completedAt || purchase.chargeId === chargeId) return;
  throw new Unprocessable(`${purchaseId} was paid a second time, by ${providerObjectId}: refund it`);
}

/** Null for a payment that no intent made: of a link, or of a source. */
async function paymentBehind(
  paymongo: PayMongoWebhookDependencies['paymongo'],
  objectId: string,
): Promise<ProviderPayment | null> {
  try {
    return await paymongo.retrievePayment(objectId);
  } catch (error) {
    if (error instanceof ProviderError && error.code === 'payment_without_intent') return null;
    throw error;
  }
}

function objectIdOf({ payload }: WebhookInbox): string {
  const { data } = payload as { data?: { attributes?: { data?: { id?: unknown } } } };
  const id = data?.attributes?.data?.id;
  if (typeof id !== 'string') throw new Unprocessable('the event names no object');
  return id;
}
