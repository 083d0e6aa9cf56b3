/** The attempt that paid an order: the one payment that has, or had, its money. */

import type { LockMode } from '@mikro-orm/postgresql';
import { Payment } from '../../db/entities/payment.entity.ts';
import type { EntityManager } from '../../db/orm.ts';

export function paidPaymentOf(em: EntityManager, orderId: Payment['orderId'], lockMode?: LockMode): Promise<Payment> {
  const paid = { orderId, status: { $in: ['authorized', 'succeeded', 'refunded'] } } as const;
  return em.findOneOrFail(Payment, paid, { orderBy: { attempt: 'asc' }, lockMode });
}
