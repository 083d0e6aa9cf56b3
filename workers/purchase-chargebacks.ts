/** What a chargeback means to a purchase of chips: no workflow waits for a bank, chips just go and come with the money. */

import { inTransaction } from '../activities/records/in-transaction.ts';
import { giveChipsBack, notePurchaseFee } from '../activities/records/purchases/give-chips-back.ts';
import { takeChipsBack } from '../activities/records/purchases/take-chips-back.ts';
import type { Purchase } from '../db/entities/purchase.entity.ts';
import { PurchaseEvent } from '../db/entities/purchase-event.entity.ts';
import type { WebhookInbox } from '../db/entities/webhook-inbox.entity.ts';
import type { PurchaseId } from '../domain/ids.ts';
import type { PaymentProvider, ProviderChargeback } from '../providers/payments/port.ts';
import { type Handled, Unprocessable } from './inbox-relay.ts';
import { type PurchaseNewsDependencies, tellPurchase } from './tell-purchase.ts';

type Dependencies = PurchaseNewsDependencies & { stripe: PaymentProvider };

/** Events come in any order and more than once: each does what is still to be done for what is true now. */
export async function tellPurchaseOfChargeback(
  deps: Dependencies,
  webhook: WebhookInbox,
  purchase: Purchase,
  { id: chargebackId, status, withdrawn, amountMinor, feeMinor }: ProviderChargeback,
): Promise<Handled> {
  const { orm, stripe } = deps;
  const { id: purchaseId, providerObjectId, completedAt } = purchase;
  // The bank may be heard of before the money.
  if (!completedAt) await tellPurchase(deps, webhook, await stripe.retrievePayment(providerObjectId ?? ''));
  let changed = false;
  if (status === 'won') {
    changed = await inTransaction(orm, (em) => giveChipsBack(em, { purchaseId, chargebackId, amountMinor }));
  } else if (withdrawn && !(await isOver(deps, purchaseId, chargebackId))) {
    changed = await takeChipsBack(orm, { purchaseId, kind: 'chargeback', chargebackId, amountMinor });
  }
  await inTransaction(orm, (em) => notePurchaseFee(em, { purchaseId, chargebackId, feeMinor }));
  return changed ? 'done' : 'ignored';
}

/**
 * True for old news of a chargeback that was decided for us. A bank that takes the money again after that: no rule of ours
 * covers it, so an operator looks.
 */
async function isOver({ orm, stripe }: Dependencies, purchaseId: PurchaseId, event: string): Promise<boolean> {
  const known = await orm.em.fork().findOne(PurchaseEvent, { purchaseId, event });
  if (!known?.givenBackAt) return false;
  // What this news was read from may be older than the decision.
  const { withdrawn } = await stripe.retrieveChargeback(event);
  if (withdrawn) throw new Unprocessable(`chargeback ${event} was given back, and now it is taken again`);
  return true;
}
