/** Attempts to pay an order, as providers' news finds them. */

import type { EntityDictionary, EntityManager } from '@mikro-orm/postgresql';
import type { PaymentId } from '../../domain/ids.ts';
import { Payment } from '../entities/payment.entity.ts';
import { plainRow } from '../plain-rows.ts';
import { prepared } from '../prepared.ts';

/** As it stands now. */
export async function findPayment(em: EntityManager, id: PaymentId): Promise<Payment | null> {
  const [row] = await prepared<{ payment: EntityDictionary<Payment> }>(
    em,
    `select to_json(p) as payment from payment p where p.id = ?`,
    [id],
  );
  return row ? plainRow(em, Payment, row.payment) : null;
}
