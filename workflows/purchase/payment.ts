/** The buyer pays, tries again, or lets the payment window pass. */

import { condition } from '@temporalio/workflow';
import { payments, records } from '../shared/activity-proxies.ts';
import { Deadline } from '../shared/deadline.ts';
import { insist } from '../shared/insist.ts';
import type { PurchasePaid } from './contract.ts';
import type { PurchaseState } from './state.ts';

/**
 * Returns when the purchase is paid, or has ended without. The provider has the last word: money that arrived counts
 * before a deadline that is waiting beside it.
 */
export async function paidInTime(purchase: PurchaseState): Promise<void> {
  const window = new Deadline();
  while (purchase.status === 'pending') {
    window.arm(purchase.stored ? Date.parse(purchase.stored.expiresAt) : null, 'payment window');
    await condition(
      () => purchase.arrivals.length > 0 || purchase.declines.length > 0 || purchase.stopRequested || window.passed,
    );
    await takeNextStep(purchase, window);
  }
  window.arm(null, '');
}

async function takeNextStep(purchase: PurchaseState, window: Deadline): Promise<void> {
  const arrival = purchase.arrivals.shift();
  if (arrival) return credit(purchase, arrival);
  const decline = purchase.declines.shift();
  if (decline) {
    // A decline ends nothing: the buyer may try again until the window ends.
    await records.declinePurchase({ purchaseId: purchase.input.purchaseId, ...decline });
    purchase.note('purchase.declined', 'provider', decline.failureCode);
    return;
  }
  await endUnpaid(purchase, window.passed ? 'not paid within the payment window' : 'stopped by an operator');
}

/** Ends the unpaid purchase, provider first: if it turns out to have the money, the chips are credited instead. */
export async function endUnpaid(purchase: PurchaseState, reason: string): Promise<void> {
  const { purchaseId } = purchase.input;
  const outcome = await insist('closing the payment', () => payments.cancelPurchasePayment({ purchaseId }));
  if (!outcome.cancelled) return credit(purchase, outcome.arrival);
  const { status } = await records.failPurchase({ purchaseId, reason });
  purchase.status = status;
  if (status === 'failed') purchase.note('purchase.failed', 'system', reason);
}

/** Money that came while the purchase ended buys its chips as well: nobody sends it back. */
export async function creditWhatCame(purchase: PurchaseState): Promise<void> {
  for (let arrival = purchase.arrivals.shift(); arrival; arrival = purchase.arrivals.shift()) {
    if (purchase.status === 'failed') await credit(purchase, arrival);
  }
}

/** Chips into the wallet, once; who has paid gets them, so it is tried until it is done. */
async function credit(purchase: PurchaseState, { eventId, ...arrival }: PurchasePaid): Promise<void> {
  purchase.seen.takeIn(eventId);
  const { purchaseId } = purchase.input;
  const { status } = await insist('crediting the chips', () => records.completePurchase({ purchaseId, arrival }));
  purchase.status = status;
  purchase.note('purchase.completed', 'provider');
}
