/** Creates one attempt to pay an order: a row of ours, and the payment at the provider. */

import { raw } from '@mikro-orm/postgresql';
import { derivedId } from '../../db/new-id.ts';
import type { EntityManager } from '../../db/orm.ts';
import { prepared } from '../../db/prepared.ts';
import { type Write, writeTogether } from '../../db/write-together.ts';
import type { Currency } from '../../domain/currencies.ts';
import type { OrderId, PaymentId } from '../../domain/ids.ts';
import type { OrderStatus } from '../../domain/order.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import type { PaymentProvider, ProviderPayment } from '../../providers/payments/port.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import type { CreatePaymentInput } from '../payments.ts';
import { throwProviderFailure } from '../provider-failures.ts';
import { sendOnce } from '../provider-requests.ts';
import { refuse } from '../refuse.ts';

type Attempt = CreatePaymentInput & { paymentId: PaymentId };

/** What is to be paid. */
type Due = { amountMinor: number; currency: Currency; capture: Policy['payment']['capture'] };

export async function createPayment(
  { orm, providers }: ActivityDependencies,
  input: CreatePaymentInput,
): Promise<{ paymentId: PaymentId }> {
  const em = orm.em.fork();
  const paymentId = derivedId('payment', input.orderId, String(input.attempt));
  const attempt = { ...input, paymentId };
  const due = await storeAttempt(em, attempt);
  try {
    await createAtProvider(em, providers.get(input.provider), attempt, due);
  } catch (error) {
    throwProviderFailure(error);
  }
  return { paymentId };
}

/** Reads what the order costs and, if it still takes payments, stores the attempt (once). */
async function storeAttempt(em: EntityManager, attempt: Attempt): Promise<Due> {
  const { orderId, paymentId, provider, method } = attempt;
  const [order] = await prepared<{ status: OrderStatus; total: string; currency: Currency; capture: Due['capture'] }>(
    em,
    `with asked as (select id, status, total_minor, currency, policy #>> '{payment,capture}' as capture from orders where id = ?),
          stored as (
            insert into payment (id, order_id, attempt, provider, method, status, amount_minor, currency)
            select ?, id, ?, ?, ?, 'created', total_minor, currency from asked
            where status in ('created', 'pending_payment') on conflict do nothing)
     select status, total_minor as total, currency, capture from asked`,
    [orderId, paymentId, attempt.attempt, provider, method],
  );
  if (!order) throw new Error(`there is no order ${orderId}`);
  if (order.status !== 'created' && order.status !== 'pending_payment') {
    throw refuse('order_not_open', `the order takes no payment any more: ${order.status}`);
  }
  return { amountMinor: Number(order.total), currency: order.currency, capture: order.capture };
}

async function createAtProvider(em: EntityManager, provider: PaymentProvider, attempt: Attempt, due: Due) {
  const { paymentId, orderId, method } = attempt;
  const businessKey = `order/${orderId}:payment:${attempt.attempt}`;
  const { amountMinor, currency, capture } = due;
  const asked = { paymentId, subjectId: orderId, amountMinor, currency, capture, method };
  const withId = (payment: ProviderPayment) => ({ id: payment.providerObjectId, payment });
  const sent = await sendOnce(em, {
    businessKey,
    provider: provider.name,
    operation: 'create_payment',
    input: asked,
    send: async () =>
      withId(await provider.createPayment({ ...asked, idempotencyKey: businessKey, description: `Order ${orderId}` })),
    find: async () => {
      const found = await provider.findPayment({ paymentId, subjectId: orderId });
      return found && withId(found);
    },
    keep: ({ id }) => ({ id }),
    beside: ({ payment }) => createdPayment(orderId, paymentId, payment),
  });
  if ('repeated' in sent) {
    const created = await provider.retrievePayment(String(sent.repeated.id));
    await writeTogether(em, createdPayment(orderId, paymentId, created));
  }
}

/** Guarded by the state it expects: a late echo of this step must not reopen an order that has ended meanwhile. */
function createdPayment(orderId: OrderId, paymentId: PaymentId, created: ProviderPayment): Write[] {
  const { providerObjectId, clientSecret, approvalUrl } = created;
  return [
    raw(
      `update payment set provider_object_id = ?, client_secret = ?, approval_url = ?, updated_at = now()
       where id = ? and status = 'created'`,
      [providerObjectId, clientSecret, approvalUrl, paymentId],
    ),
    raw(`update orders set status = 'pending_payment', updated_at = now() where id = ? and status = 'created'`, [
      orderId,
    ]),
  ];
}
