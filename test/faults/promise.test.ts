/** The judge of the crash test: it lets a kept promise pass and finds each way of breaking it. */

import { describe, expect, it } from '@jest/globals';
import { brokenPromises, type Facts, type OrderFacts, type StockFacts } from './support/promise.ts';

const order = (id: string, changes: Partial<OrderFacts> = {}): OrderFacts => ({
  id,
  status: 'completed',
  paymentIntents: 1,
  succeededPaymentIntents: 1,
  refunds: 0,
  paidJournals: 1,
  releaseJournals: 1,
  escrows: 1,
  ...changes,
});

const STOCK: StockFacts = { listingId: 'lst_1', offered: 5, ordered: 2, stock: 3, reserved: 0, sold: 2 };

/** Two keys, two orders, everything as promised. */
const KEPT: Facts = {
  keys: ['a', 'b'],
  answers: [
    { key: 'a', orderId: 'ord_a' },
    { key: 'b', orderId: 'ord_b' },
  ],
  orders: [order('ord_a'), order('ord_b')],
  stock: [STOCK],
  brokenInvariants: [],
  openWebhooks: [],
  failedWorkflows: [],
};

const withOrder = (changes: Partial<OrderFacts>): Facts => ({
  ...KEPT,
  orders: [order('ord_a'), order('ord_b', changes)],
});

const withStock = (changes: Partial<StockFacts>): Facts => ({ ...KEPT, stock: [{ ...STOCK, ...changes }] });

const CORRUPTIONS: readonly [what: string, facts: Facts, finding: string][] = [
  ['a second order of one key', { ...KEPT, orders: [...KEPT.orders, order('ord_c')] }, '2 keys made 3 orders'],
  ['a lost order', { ...KEPT, orders: [order('ord_a')] }, '2 keys made 1 orders'],
  [
    'an answer that names a lost order',
    { ...KEPT, orders: [order('ord_a'), order('ord_c')] },
    'key b was answered with order ord_b, which is not stored',
  ],
  [
    'one order for two keys',
    { ...KEPT, answers: ['a', 'b'].map((key) => ({ key, orderId: 'ord_a' })) },
    'keys a and b share order ord_a',
  ],
  [
    'two orders told to one key',
    { ...KEPT, answers: [...KEPT.answers, { key: 'b', orderId: 'ord_a' }] },
    'key b was answered with 2 orders',
  ],
  ['a key without an answer', { ...KEPT, answers: KEPT.answers.slice(0, 1) }, 'key b was answered with 0 orders'],
  ['an order that is not completed', withOrder({ status: 'shipped' }), 'order ord_b is shipped'],
  [
    'an order paid twice at the provider',
    withOrder({ paymentIntents: 2, succeededPaymentIntents: 2 }),
    'order ord_b has succeededPaymentIntents: 2',
  ],
  ['an order never paid', withOrder({ succeededPaymentIntents: 0 }), 'order ord_b has succeededPaymentIntents: 0'],
  ['a payment posted twice', withOrder({ paidJournals: 2 }), 'order ord_b has paidJournals: 2'],
  ['a payment not posted', withOrder({ paidJournals: 0 }), 'order ord_b has paidJournals: 0'],
  ['a hold released twice', withOrder({ releaseJournals: 2 }), 'order ord_b has releaseJournals: 2'],
  ['money sent back', withOrder({ refunds: 1 }), 'order ord_b has refunds: 1'],
  ['one unit too few on hand', withStock({ stock: 2 }), 'listing lst_1 has {"stock":2,"reserved":0,"sold":2}'],
  ['one unit too many on hand', withStock({ stock: 4 }), 'listing lst_1 has {"stock":4,"reserved":0,"sold":2}'],
  ['a unit still reserved', withStock({ reserved: 1 }), 'listing lst_1 has {"stock":3,"reserved":1,"sold":2}'],
  ['a unit sold twice', withStock({ sold: 3 }), 'listing lst_1 has {"stock":3,"reserved":0,"sold":3}'],
  ['books that are not clean', { ...KEPT, brokenInvariants: ['lines sum to zero'] }, 'not so: lines sum to zero'],
  ['a parked webhook', { ...KEPT, openWebhooks: [{ eventId: 'evt_1', status: 'parked' }] }, 'webhook evt_1 is parked'],
  [
    'a failed workflow',
    { ...KEPT, failedWorkflows: [{ workflowId: 'order/ord_a', status: 'FAILED' }] },
    'workflow order/ord_a is FAILED',
  ],
];

describe('what the crash test calls broken', () => {
  it('is nothing where the promise is kept', () => {
    expect(brokenPromises(KEPT)).toEqual([]);
  });

  it.each(CORRUPTIONS)('is %s', (_what, facts, finding) => {
    expect(brokenPromises(facts)).toContainEqual(expect.stringContaining(finding));
  });
});
