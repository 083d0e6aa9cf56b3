/** The purchase's message handlers: they validate and record; the main loop does the rest. */

import { CancellationScope, condition, setHandler } from '@temporalio/workflow';
import { fail } from '../shared/fail.ts';
import { isFact } from '../shared/seen-events.ts';
import { beginUpdate, purchaseDeclinedSignal, purchasePaidSignal, purchaseTimelineQuery } from './contract.ts';
import type { PurchaseState } from './state.ts';

/** Registers every handler; called before the first await, so that no message finds the door closed. */
export function registerHandlers(purchase: PurchaseState): void {
  setHandler(beginUpdate, () => beginning(purchase));
  setHandler(purchasePaidSignal, (arrival) => {
    if (isFact(arrival) && purchase.seen.takeIn(arrival.eventId)) purchase.arrivals.push(arrival);
  });
  setHandler(purchaseDeclinedSignal, (decline) => {
    if (isFact(decline) && purchase.seen.takeIn(decline.eventId)) purchase.declines.push(decline);
  });
  CancellationScope.current().cancelRequested.catch(() => {
    purchase.stopRequested = true;
  });
  setHandler(purchaseTimelineQuery, () => purchase.timeline());
}

async function beginning(purchase: PurchaseState) {
  await CancellationScope.nonCancellable(() => condition(() => purchase.beginEnded));
  if (purchase.refusal) throw fail(purchase.refusal.code, purchase.refusal.message);
  if (purchase.status === 'rejected') throw fail('internal_error', 'the purchase could not be begun');
  return { purchaseId: purchase.input.purchaseId, status: purchase.status };
}
