/** Creates the payment of a purchase at its provider. */

import { raw } from '@mikro-orm/postgresql';
import { Purchase } from '../../db/entities/purchase.entity.ts';
import type { EntityManager } from '../../db/orm.ts';
import { type Write, writeTogether } from '../../db/write-together.ts';
import type { PaymentId, PurchaseId } from '../../domain/ids.ts';
import type { PaymentProvider, ProviderPayment } from '../../providers/payments/port.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { throwProviderFailure } from '../provider-failures.ts';
import { sendOnce } from '../provider-requests.ts';
import { refuse } from '../refuse.ts';

export async function createPurchasePayment(
  { orm, providers }: ActivityDependencies,
  { purchaseId }: { purchaseId: PurchaseId },
): Promise<{ paymentId: PaymentId }> {
  const em = orm.em.fork();
  const purchase = await em.findOneOrFail(Purchase, { id: purchaseId });
  const { status, paymentId, provider } = purchase;
  if (status !== 'pending') {
    throw refuse('payment_provider_unavailable', `the purchase takes no payment any more: ${status}`);
  }
  try {
    await createAtProvider(em, providers.get(provider), purchase);
  } catch (error) {
    throwProviderFailure(error);
  }
  return { paymentId };
}

async function createAtProvider(em: EntityManager, provider: PaymentProvider, purchase: Purchase): Promise<void> {
  const { id: purchaseId, paymentId, amountMinor, currency, chips } = purchase;
  const businessKey = `purchase/${purchaseId}:payment`;
  const subject = { paymentId, subjectId: purchaseId };
  const asked = { ...subject, amountMinor, currency, capture: 'at_once', method: null } as const;
  const description = `${chips} chips, purchase ${purchaseId}`;
  const withId = (payment: ProviderPayment) => ({ id: payment.providerObjectId, payment });
  const sent = await sendOnce(em, {
    businessKey,
    provider: provider.name,
    operation: 'create_payment',
    input: asked,
    send: async () => withId(await provider.createPayment({ ...asked, idempotencyKey: businessKey, description })),
    find: async () => {
      const found = await provider.findPayment(subject);
      return found && withId(found);
    },
    keep: ({ id }) => ({ id }),
    beside: ({ payment }) => [createdPayment(purchaseId, payment)],
  });
  if ('repeated' in sent) {
    const created = await provider.retrievePayment(String(sent.repeated.id));
    await writeTogether(em, [createdPayment(purchaseId, created)]);
  }
}

/**
 * Guarded by the state it expects: a late echo of this step must not change a purchase that has ended meanwhile, nor the
 * address that the buyer was given.
 */
function createdPayment(purchaseId: PurchaseId, created: ProviderPayment): Write {
  const { providerObjectId, clientSecret, approvalUrl } = created;
  return raw(
    `update purchase set provider_object_id = ?, client_secret = ?, approval_url = ?, updated_at = now()
     where id = ? and status = 'pending' and provider_object_id is null`,
    [providerObjectId, clientSecret, approvalUrl, purchaseId],
  );
}
