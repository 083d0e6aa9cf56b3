/** A bank decided for us: what its chargeback had taken of a purchase is there again; and what a chargeback costs. */

import { PurchaseEvent } from '../../../db/entities/purchase-event.entity.ts';
import { postJournals } from '../../../db/ledger/post.ts';
import type { EntityManager } from '../../../db/orm.ts';
import type { PurchaseId } from '../../../domain/ids.ts';
import { chipsGivenBack, purchaseChargebackFee } from '../../../domain/postings.ts';
import { tell } from '../tell.ts';
import { lockPurchase } from './lock-purchase.ts';

type Chargeback = { purchaseId: PurchaseId; chargebackId: string };

/** True where this gave something back. One that had taken nothing yet is noted as over: older news of it takes nothing. */
export async function giveChipsBack(
  em: EntityManager,
  { purchaseId, chargebackId: event, amountMinor }: Chargeback & { amountMinor: number },
): Promise<boolean> {
  const { userId, provider } = await lockPurchase(em, purchaseId);
  const taken = await em.findOne(PurchaseEvent, { purchaseId, event });
  if (taken?.givenBackAt) return false;
  const givenBackAt = new Date();
  if (!taken) {
    const nothing = { chips: 0, missing: 0, takenAt: null };
    await em.insert(PurchaseEvent, { purchaseId, event, kind: 'chargeback', amountMinor, ...nothing, givenBackAt });
    return false;
  }
  const { chips, missing } = taken;
  const bought = { purchaseId, userId, provider, event, externalRef: `${event}:given-back` };
  await postJournals(em, [chipsGivenBack({ ...bought, chips, amountMinor: taken.amountMinor })]);
  await em.nativeUpdate(PurchaseEvent, { purchaseId, event }, { givenBackAt });
  await em.execute(
    `update purchase set refunded_minor = refunded_minor - ?, chips_taken_back = chips_taken_back - ?,
       chips_missing = chips_missing - ?, version = version + 1, updated_at = now(),
       status = case when refunded_minor > ? then 'refunded' else 'completed' end,
       payment_status = case when refunded_minor > ? then 'refunded' else 'succeeded' end
     where id = ?`,
    [taken.amountMinor, chips, missing, taken.amountMinor, taken.amountMinor, purchaseId],
  );
  const actor = { role: 'provider', id: 'bank' } as const;
  const data = { event, amountMinor: taken.amountMinor, chips };
  await tell(em, [{ type: 'purchase.charge_back_won', subjectId: purchaseId, actor, at: givenBackAt, data }]);
  return true;
}

/** Books what the provider has charged for a chargeback so far, less what is booked; only of one that is stored. */
export async function notePurchaseFee(
  em: EntityManager,
  { purchaseId, chargebackId: event, feeMinor }: Chargeback & { feeMinor: number },
): Promise<void> {
  const { provider } = await lockPurchase(em, purchaseId);
  const known = await em.findOne(PurchaseEvent, { purchaseId, event });
  const amountMinor = feeMinor - (known?.feeMinor ?? feeMinor);
  if (amountMinor <= 0) return;
  const fee = { purchaseId, provider, event: `${event}:${feeMinor}`, amountMinor };
  await postJournals(em, [purchaseChargebackFee(fee)]);
  await em.nativeUpdate(PurchaseEvent, { purchaseId, event }, { feeMinor });
}
