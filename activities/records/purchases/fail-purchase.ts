/** A purchase that is not paid: an attempt declined, or the end of its time. */

import { raw } from '@mikro-orm/postgresql';
import { Purchase } from '../../../db/entities/purchase.entity.ts';
import type { EntityManager } from '../../../db/orm.ts';
import type { PurchaseStatus } from '../../../domain/purchase.ts';
import { tell } from '../tell.ts';
import { lockPurchase } from './lock-purchase.ts';
import type { DeclinePurchaseInput, FailPurchaseInput } from './purchase-records.ts';

export async function declinePurchase(em: EntityManager, input: DeclinePurchaseInput): Promise<void> {
  const { purchaseId, failureCode, eventId } = input;
  const change = { paymentStatus: 'failed', failureCode, version: raw('version + 1'), updatedAt: new Date() } as const;
  const touched = await em.nativeUpdate(Purchase, { id: purchaseId, status: 'pending' }, change);
  if (touched === 0) return;
  const actor = { role: 'provider', id: 'payment' } as const;
  const data = { failureCode, eventId };
  await tell(em, [{ type: 'purchase.declined', subjectId: purchaseId, actor, at: new Date(), data }]);
}

export async function failPurchase(
  em: EntityManager,
  { purchaseId, reason }: FailPurchaseInput,
): Promise<{ status: PurchaseStatus }> {
  const { status, version } = await lockPurchase(em, purchaseId);
  if (status !== 'pending') return { status };
  const at = new Date();
  const change = { status: 'failed', paymentStatus: 'cancelled', version: version + 1, updatedAt: at } as const;
  await em.nativeUpdate(Purchase, { id: purchaseId }, change);
  const actor = { role: 'system', id: 'purchase' } as const;
  await tell(em, [{ type: 'purchase.failed', subjectId: purchaseId, actor, at, data: { reason } }]);
  return { status: 'failed' };
}
