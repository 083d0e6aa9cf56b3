/** Notes that a buyer's attempt to pay was declined; the order stays open. */

import { Payment } from '../../db/entities/payment.entity.ts';
import type { EntityManager } from '../../db/orm.ts';
import type { RecordDeclineInput } from './order-records.ts';
import { tell } from './tell.ts';

export async function recordDecline(em: EntityManager, input: RecordDeclineInput): Promise<void> {
  const { orderId, paymentId, failureCode, eventId } = input;
  const open = { id: paymentId, orderId, status: { $nin: ['succeeded', 'authorized', 'cancelled'] } } as const;
  const touched = await em.nativeUpdate(Payment, open, { status: 'failed', failureCode, updatedAt: new Date() });
  if (touched === 0) return;
  const actor = { role: 'provider', id: 'payment' } as const;
  await tell(em, [
    { type: 'payment.declined', orderId, actor, at: new Date(), data: { paymentId, failureCode, eventId } },
  ]);
}
