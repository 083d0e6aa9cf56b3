/** Creates one attempt to pay an order: a row of ours, and the payment at the provider. */

import { Order } from '../../db/entities/order.entity.ts';
import { Payment } from '../../db/entities/payment.entity.ts';
import { derivedId } from '../../db/new-id.ts';
import type { EntityManager } from '../../db/orm.ts';
import type { PaymentId } from '../../domain/ids.ts';
import type { PaymentProvider, ProviderPayment } from '../../providers/payments/port.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import type { CreatePaymentInput } from '../payments.ts';
import { throwProviderFailure } from '../provider-failures.ts';
import { sendOnce } from '../provider-requests.ts';
import { refuse } from '../refuse.ts';

export async function createPayment(
  { orm, providers }: ActivityDependencies,
  input: CreatePaymentInput,
): Promise<{ paymentId: PaymentId }> {
  const em = orm.em.fork();
  const order = await em.findOneOrFail(Order, { id: input.orderId });
  if (order.status !== 'created' && order.status !== 'pending_payment') {
    throw refuse('order_not_open', `the order takes no payment any more: ${order.status}`);
  }
  const paymentId = derivedId('payment', input.orderId, String(input.attempt));
  await em
    .createQueryBuilder(Payment)
    .insert(freshPayment(order, paymentId, input))
    .onConflict()
    .ignore()
    .execute();
  try {
    const created = await createAtProvider(em, providers.get(input.provider), order, { ...input, paymentId });
    await storeCreated(em, order, paymentId, created);
  } catch (error) {
    throwProviderFailure(error);
  }
  return { paymentId };
}

function freshPayment(order: Order, id: PaymentId, { orderId, attempt, provider, method }: CreatePaymentInput) {
  const { totalMinor: amountMinor, currency } = order;
  return { id, orderId, attempt, provider, method, status: 'created' as const, amountMinor, currency };
}

async function createAtProvider(
  em: EntityManager,
  provider: PaymentProvider,
  order: Order,
  { paymentId, attempt, method }: CreatePaymentInput & { paymentId: PaymentId },
): Promise<ProviderPayment> {
  const { id: orderId, totalMinor: amountMinor, currency } = order;
  const businessKey = `order/${orderId}:payment:${attempt}`;
  const asked = { paymentId, orderId, amountMinor, currency, capture: order.policy.payment.capture, method };
  const withId = (payment: ProviderPayment) => ({ id: payment.providerObjectId, payment });
  const sent = await sendOnce(em, {
    businessKey,
    provider: provider.name,
    operation: 'create_payment',
    input: asked,
    send: async () =>
      withId(await provider.createPayment({ ...asked, idempotencyKey: businessKey, description: `Order ${orderId}` })),
    find: async () => {
      const found = await provider.findPayment({ paymentId, orderId });
      return found && withId(found);
    },
    keep: ({ id }) => ({ id }),
  });
  return 'result' in sent ? sent.result.payment : provider.retrievePayment(String(sent.repeated.id));
}

/** Guarded by the state it expects: a late echo of this step must not reopen an order that has ended meanwhile. */
async function storeCreated(em: EntityManager, { id: orderId }: Order, id: PaymentId, created: ProviderPayment) {
  const { providerObjectId, clientSecret, approvalUrl } = created;
  await em.execute(
    `with created as (
       update payment set provider_object_id = ?, client_secret = ?, approval_url = ?, updated_at = now()
       where id = ? and status = 'created')
     update orders set status = 'pending_payment', updated_at = now() where id = ? and status = 'created'`,
    [providerObjectId, clientSecret, approvalUrl, id, orderId],
  );
}
