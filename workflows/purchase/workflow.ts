/** The story of a purchase of chips: begun under the limits, paid in time, or failed. Its money never goes back from here. */

import { allHandlersFinished, CancellationScope, condition } from '@temporalio/workflow';
import { checkout, promptly, records } from '../shared/activity-proxies.ts';
import { refusalIn } from '../shared/fail.ts';
import { promptlyThenPatiently } from '../shared/promptly.ts';
import type { PurchaseInput, PurchaseResult } from './contract.ts';
import { registerHandlers } from './handlers.ts';
import { creditWhatCame, endUnpaid, paidInTime } from './payment.ts';
import { PurchaseState } from './state.ts';

/** Started by `POST /purchases` (update-with-start). Ends completed, failed or rejected. */
export async function purchaseWorkflow(input: PurchaseInput): Promise<PurchaseResult> {
  const purchase = new PurchaseState(input);
  registerHandlers(purchase);
  // Nothing cuts a money step in half: an operator's cancel is a fact that the story takes in where it can.
  return CancellationScope.nonCancellable(async () => {
    if ((await stored(purchase)) && (await payable(purchase))) await paidInTime(purchase);
    await creditWhatCame(purchase);
    purchase.showDetails();
    await condition(allHandlersFinished);
    return { status: purchase.status };
  });
}

/** False where a limit or a rule stands against it: it never became a purchase. */
async function stored(purchase: PurchaseState): Promise<boolean> {
  try {
    purchase.stored = await records.beginPurchase(purchase.input);
  } catch (error) {
    const { code, message } = refusalIn(error) ?? { code: 'internal_error', message: 'it could not be begun' };
    purchase.status = 'rejected';
    purchase.refuse(code, message);
    return false;
  }
  purchase.note('purchase.created', 'buyer');
  return true;
}

/** False where there is nothing to pay with: the buyer hears it at once, and the purchase is failed. */
async function payable(purchase: PurchaseState): Promise<boolean> {
  const { purchaseId } = purchase.input;
  try {
    await promptlyThenPatiently(
      () => promptly.createPurchasePayment({ purchaseId }),
      () => checkout.createPurchasePayment({ purchaseId }),
    );
  } catch (error) {
    const message = 'the payment could not be created; nothing was charged';
    const refusal = refusalIn(error) ?? { code: 'payment_provider_unavailable', message };
    purchase.refuse(refusal.code, refusal.message);
    await endUnpaid(purchase, 'the payment could not be created');
    return false;
  }
  purchase.beginEnded = true;
  return true;
}
