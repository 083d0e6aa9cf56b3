/** A purchase of chips: begun, paid, declined, expired, and money that comes at the wrong moment. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startWorkflowEnvironment, type WorkflowEnvironment } from './support/environment.ts';
import { testPurchase } from './support/fake-purchases.ts';
import { hiccup, refusal } from './support/fake-world.ts';
import { refusalCode } from './support/history.ts';
import { fromNow } from './support/policies.ts';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await startWorkflowEnvironment();
});
afterAll(() => environment.close());

const purchaseOf = () => testPurchase(environment.client);

/** What was called, in order: a record may run again with its workflow task, when news comes in the middle of it. */
const calledOnce = ({ world }: ReturnType<typeof purchaseOf>): string[] => [...new Set(world.names())];

describe('a purchase', () => {
  it.concurrent('is stored, gets its payment, and is completed once by its money, however often that is told', async () => {
    const purchase = purchaseOf();
    const { purchaseId } = purchase.input;
    const answers = await Promise.all([purchase.begin('a'), purchase.begin('a'), purchase.begin('b')]);
    for (const answer of answers) expect(answer).toEqual({ purchaseId, status: 'pending' });
    const eventId = 'evt_once';
    const paid = await Promise.allSettled([purchase.pay({ eventId }), purchase.pay({ eventId }), purchase.pay()]);
    expect(paid[0]?.status).toBe('fulfilled');
    expect(await purchase.handle.result()).toEqual({ status: 'completed' });
    expect(calledOnce(purchase)).toEqual(['beginPurchase', 'createPurchasePayment', 'completePurchase']);
    const credited = purchase.world.inputsOf('completePurchase').map((input) => JSON.stringify(input));
    expect(new Set(credited).size).toBe(1);
  });

  it.concurrent('that a limit refuses answers with its code, ends rejected and calls nothing else', async () => {
    const purchase = purchaseOf();
    purchase.world.failNext('beginPurchase', hiccup('Postgres restarts'), refusal('purchase_limit_reached'));
    expect(await refusalCode(purchase.begin())).toBe('purchase_limit_reached');
    expect(await purchase.handle.result()).toEqual({ status: 'rejected' });
    expect(purchase.world.names()).toEqual(['beginPurchase', 'beginPurchase']);
  });

  it.concurrent('that no provider takes is failed, and the buyer hears it before the provider is asked again', async () => {
    const purchase = purchaseOf();
    purchase.world.failNext('createPurchasePayment', hiccup(), refusal('payment_provider_unavailable'));
    const cancelling = purchase.world.holdNext('cancelPurchasePayment');
    expect(await refusalCode(purchase.begin())).toBe('payment_provider_unavailable');
    cancelling.open();
    expect(await purchase.handle.result()).toEqual({ status: 'failed' });
    expect(purchase.world.names().slice(2)).toEqual(['createPurchasePayment', 'cancelPurchasePayment', 'failPurchase']);
  });

  it.concurrent('stays open when an attempt is declined, and may be paid then', async () => {
    const purchase = purchaseOf();
    await purchase.begin();
    await purchase.decline('evt_declined');
    await purchase.decline('evt_declined');
    await purchase.world.until((world) => world.names().includes('declinePurchase'));
    await purchase.pay();
    expect(await purchase.handle.result()).toEqual({ status: 'completed' });
    expect(purchase.world.names().slice(2)).toEqual(['declinePurchase', 'completePurchase']);
    expect(await purchase.handle.query('timeline')).toMatchObject({
      status: 'completed',
      entries: [{ type: 'purchase.created' }, { type: 'purchase.declined' }, { type: 'purchase.completed' }],
    });
  });

  it.concurrent('not paid in time is cancelled at the provider first, then failed', async () => {
    const purchase = purchaseOf();
    purchase.world.expiresAt = fromNow(300);
    await purchase.begin();
    expect(await purchase.handle.result()).toEqual({ status: 'failed' });
    expect(purchase.world.names().slice(2)).toEqual(['cancelPurchasePayment', 'failPurchase']);
  });

  it.concurrent('is completed when its time is over and the provider has the money', async () => {
    const purchase = purchaseOf();
    purchase.world.expiresAt = fromNow(300);
    purchase.world.paidBefore = purchase.arrival();
    await purchase.begin();
    expect(await purchase.handle.result()).toEqual({ status: 'completed' });
    expect(purchase.world.names().slice(2)).toEqual(['cancelPurchasePayment', 'completePurchase']);
  });

  it.concurrent('credits money that comes while it fails', async () => {
    const purchase = purchaseOf();
    const failing = purchase.world.holdNext('failPurchase');
    await purchase.begin();
    await purchase.handle.cancel();
    await failing.reached;
    await purchase.pay();
    failing.open();
    expect(await purchase.handle.result()).toEqual({ status: 'completed' });
    expect(calledOnce(purchase).slice(2)).toEqual(['cancelPurchasePayment', 'failPurchase', 'completePurchase']);
  });
});
