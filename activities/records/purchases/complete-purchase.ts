/** The money of a purchase is there: its chips go into the wallet, and it gets its receipt. */

import { postJournals } from '../../../db/ledger/post.ts';
import type { EntityManager } from '../../../db/orm.ts';
import { chipsBought } from '../../../domain/postings.ts';
import type { PurchaseStatus } from '../../../domain/purchase.ts';
import { refuse } from '../../refuse.ts';
import { tell } from '../tell.ts';
import { lockPurchase } from './lock-purchase.ts';
import type { CompletePurchaseInput } from './purchase-records.ts';

/** Also for money that comes after the purchase has failed: nobody sends it back, so it buys what it was paid for. */
export async function completePurchase(
  em: EntityManager,
  { purchaseId, arrival }: CompletePurchaseInput,
): Promise<{ status: PurchaseStatus }> {
  const purchase = await lockPurchase(em, purchaseId);
  const { userId, provider, providerObjectId, chips, amountMinor } = purchase;
  if (purchase.completedAt) return { status: purchase.status };
  if (arrival.amountMinor !== amountMinor) {
    throw refuse('payment_amount_mismatch', `the payment has ${arrival.amountMinor}, the chips cost ${amountMinor}`);
  }
  if (!providerObjectId) throw new Error(`purchase ${purchaseId} has no payment at its provider`);
  const at = new Date();
  await postJournals(em, [
    chipsBought({ purchaseId, userId, provider, externalRef: providerObjectId, chips, amountMinor }),
  ]);
  await em.execute(
    `update purchase set status = 'completed', completed_at = ?, payment_status = 'succeeded', charge_id = ?,
       failure_code = null, version = version + 1, updated_at = now(),
       receipt_number = (
         select 'PL-' || lpad(n::text, greatest(6, length(n::text)), '0') from nextval('purchase_receipt') n)
     where id = ?`,
    [at, arrival.chargeId, purchaseId],
  );
  const actor = { role: 'provider', id: provider } as const;
  const data = { chips, amountMinor, late: purchase.status === 'failed' };
  await tell(em, [{ type: 'purchase.completed', subjectId: purchaseId, actor, at, data }]);
  return { status: 'completed' };
}
