/** The journeys of purchases whose histories are stored. */

import { testPurchase } from '../../workflows/support/fake-purchases.ts';
import { hiccup, refusal } from '../../workflows/support/fake-world.ts';
import { refusalCode } from '../../workflows/support/history.ts';
import { fromNow } from '../../workflows/support/policies.ts';
import { type Journey, recorded } from './journey.ts';

export const PURCHASES: Journey[] = [
  async ({ client }) => {
    const purchase = testPurchase(client);
    await purchase.begin();
    await purchase.decline();
    await purchase.world.until((world) => world.names().includes('declinePurchase'));
    await purchase.pay();
    return [await recorded('purchase-declined-completed', purchase.handle)];
  },
  async ({ client }) => {
    const purchase = testPurchase(client);
    purchase.world.failNext('createPurchasePayment', hiccup('the provider is slow'));
    purchase.world.expiresAt = fromNow(500);
    await purchase.begin();
    return [await recorded('purchase-failed', purchase.handle)];
  },
  async ({ client }) => {
    const purchase = testPurchase(client);
    purchase.world.expiresAt = fromNow(500);
    purchase.world.paidBefore = purchase.arrival();
    await purchase.begin();
    return [await recorded('purchase-paid-before-its-end', purchase.handle)];
  },
  async ({ client }) => {
    const purchase = testPurchase(client);
    const failing = purchase.world.holdNext('failPurchase');
    await purchase.begin();
    await purchase.handle.cancel();
    await failing.reached;
    await purchase.pay();
    failing.open();
    return [await recorded('purchase-stopped-and-paid-late', purchase.handle)];
  },
  async ({ client }) => {
    const purchase = testPurchase(client);
    purchase.world.failNext('beginPurchase', refusal('purchase_limit_reached'));
    await refusalCode(purchase.begin());
    return [await recorded('purchase-rejected', purchase.handle)];
  },
  async ({ client }) => {
    const purchase = testPurchase(client);
    purchase.world.failNext('createPurchasePayment', refusal('payment_provider_unavailable'));
    await refusalCode(purchase.begin());
    return [await recorded('purchase-not-payable', purchase.handle)];
  },
];
