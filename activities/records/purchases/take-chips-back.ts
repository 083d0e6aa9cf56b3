/** Money of a purchase went back to the buyer: its chips go too, as far as they are there, and the rest is flagged. */

import type { MikroORM } from '@mikro-orm/postgresql';
import type { Purchase } from '../../../db/entities/purchase.entity.ts';
import { PurchaseEvent } from '../../../db/entities/purchase-event.entity.ts';
import { flagUnrecoveredChips } from '../../../db/fraud/flags.ts';
import { balanceOf } from '../../../db/ledger/balances.ts';
import { LedgerError } from '../../../db/ledger/ledger-error.ts';
import { postJournals } from '../../../db/ledger/post.ts';
import type { EntityManager } from '../../../db/orm.ts';
import type { PurchaseEventKind } from '../../../db/statuses.ts';
import { chipsWalletAccount } from '../../../domain/accounts.ts';
import type { PurchaseId } from '../../../domain/ids.ts';
import { chipsTakenBack } from '../../../domain/postings.ts';
import { chipsToTakeBack } from '../../../domain/purchase.ts';
import { inTransaction } from '../in-transaction.ts';
import { tell } from '../tell.ts';
import { lockPurchase } from './lock-purchase.ts';

/**
 * `refundedMinor`: all refunds of the payment until now, in centavos; they only grow, and each step is taken once.
 * `chargebackId`: the provider's; each takes its amount once.
 */
export type MoneyGone = { purchaseId: PurchaseId } & (
  | { kind: 'refund'; refundedMinor: number }
  | { kind: 'chargeback'; chargebackId: string; amountMinor: number }
);

type Step = { kind: PurchaseEventKind; event: string; externalRef: string; amountMinor: number };

/** Wallets that are spent from while we look at them are looked at again. */
const LOOKS_MAX = 5;

/**
 * True where this took something, false for news that is old: whatever their order and number, nothing is taken twice.
 * Throws for a purchase whose money is not booked yet: try again later.
 */
export async function takeChipsBack(orm: MikroORM, gone: MoneyGone): Promise<boolean> {
  for (let looks = 1; ; looks += 1) {
    try {
      return await inTransaction(orm, (em) => takeOnce(em, gone));
    } catch (error) {
      const spentMeanwhile = error instanceof LedgerError && error.code === 'insufficient_funds';
      if (!spentMeanwhile || looks === LOOKS_MAX) throw error;
    }
  }
}

async function takeOnce(em: EntityManager, gone: MoneyGone): Promise<boolean> {
  const purchase = await lockPurchase(em, gone.purchaseId);
  if (!purchase.completedAt) throw new Error(`purchase ${purchase.id} is not booked yet: ${purchase.status}`);
  const step = gone.kind === 'refund' ? await nextStep(em, purchase, gone.refundedMinor) : await claimOf(em, gone);
  if (!step) return false;
  const { kind, event, externalRef, amountMinor } = step;
  const { id: purchaseId, userId, provider } = purchase;
  const there = await balanceOf(em, chipsWalletAccount(userId), 'CHIP');
  const { chips, missing } = chipsToTakeBack(purchase.chips, purchase, amountMinor, there);
  await postJournals(em, [chipsTakenBack({ purchaseId, userId, provider, event, externalRef, chips, amountMinor })]);
  const takenAt = new Date();
  await em.insert(PurchaseEvent, { purchaseId, event, kind, amountMinor, chips, missing, takenAt });
  await em.execute(
    `update purchase set status = 'refunded', payment_status = 'refunded', refunded_minor = refunded_minor + ?,
       chips_taken_back = chips_taken_back + ?, chips_missing = chips_missing + ?, version = version + 1, updated_at = now()
     where id = ?`,
    [amountMinor, chips, missing, purchaseId],
  );
  if (missing > 0) await flagUnrecoveredChips(em, { userId, purchaseId, missing, event });
  const type = kind === 'refund' ? 'purchase.refunded' : 'purchase.charged_back';
  const actor = { role: 'provider', id: provider } as const;
  const data = { event, amountMinor, chips, missing };
  await tell(em, [{ type, subjectId: purchaseId, actor, at: takenAt, data }]);
  return true;
}

/** What of the refunds is not taken yet; null where that is nothing. */
async function nextStep(em: EntityManager, purchase: Purchase, refundedMinor: number): Promise<Step | null> {
  const steps = await em.find(PurchaseEvent, { purchaseId: purchase.id, kind: 'refund' });
  const amountMinor = refundedMinor - steps.reduce((sum, step) => sum + step.amountMinor, 0);
  if (amountMinor <= 0) return null;
  const event = `refunded:${refundedMinor}`;
  return { kind: 'refund', event, externalRef: `${purchase.providerObjectId}:${event}`, amountMinor };
}

async function claimOf(
  em: EntityManager,
  { purchaseId, chargebackId, amountMinor }: MoneyGone & { kind: 'chargeback' },
): Promise<Step | null> {
  const known = await em.findOne(PurchaseEvent, { purchaseId, event: chargebackId });
  return known ? null : { kind: 'chargeback', event: chargebackId, externalRef: chargebackId, amountMinor };
}
