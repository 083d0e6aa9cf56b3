/** Journals of payments: where the money of an order comes from. */

import { describe, expect, it } from '@jest/globals';
import {
  authorisationCancelled,
  authorisationCaptured,
  holdRefunded,
  lateReceived,
  lateRefunded,
  paymentAuthorised,
  paymentCaptured,
} from '../../../domain/postings.ts';
import {
  amountsOf,
  balancesAfter,
  buyerId,
  escrowId,
  hold,
  holds,
  order,
  orderId,
  otherEscrowId,
  paymentId,
  refund,
} from './support.ts';

describe('a payment', () => {
  it('moves the order’s total from the world into its holds', () => {
    const journal = paymentCaptured({ ...order, buyerId, externalRef: 'ch_1', holds });
    expect(journal).toMatchObject({
      key: `order/${orderId}:paid`,
      kind: 'payment_captured',
      externalRef: 'ch_1',
      orderId,
    });
    expect(amountsOf(journal)).toEqual({
      'world:stripe': -12_100,
      [`hold:${escrowId}`]: 8_470,
      [`hold:${otherEscrowId}`]: 3_630,
    });
  });

  it('by wallet moves it from the buyer’s wallet, and a refund goes back there', () => {
    const fromWallet = { ...order, provider: 'wallet', buyerId } as const;
    const paid = paymentCaptured({ ...fromWallet, holds: holds.slice(0, 1) });
    expect(amountsOf(paid)).toEqual({ [`wallet:${buyerId}`]: -8_470, [`hold:${escrowId}`]: 8_470 });
    const refunded = holdRefunded({ ...hold, ...fromWallet, authorisedOnly: false, grossMinor: 8_470 });
    expect(balancesAfter([paid, refunded])).toEqual({});
  });

  it('that is authorised, then captured, ends as one captured at once, with nothing left authorised', () => {
    const later = [
      paymentAuthorised({ ...order, externalRef: 'pi_1', holds }),
      authorisationCaptured({ ...order, externalRef: 'ch_1', amountMinor: 12_100 }),
    ];
    expect(balancesAfter(later.slice(0, 1))).toHaveProperty(['world:stripe_authorised'], -12_100);
    const atOnce = paymentCaptured({ ...order, buyerId, externalRef: 'ch_1', holds });
    expect(balancesAfter(later)).toEqual(balancesAfter([atOnce]));
  });

  it('that is authorised, then given up whole or hold by hold, leaves nothing', () => {
    const authorised = paymentAuthorised({ ...order, externalRef: 'pi_1', holds });
    expect(balancesAfter([authorised, authorisationCancelled({ ...order, holds })])).toEqual({});
    const one = paymentAuthorised({ ...order, externalRef: 'pi_1', holds: holds.slice(0, 1) });
    expect(balancesAfter([one, refund(8_470, true)])).toEqual({});
  });

  it('that arrives late waits on an account of its own until it is refunded', () => {
    const received = lateReceived({ ...order, externalRef: 'ch_1', amountMinor: 500 });
    expect(amountsOf(received)).toEqual({ 'world:stripe': -500, [`late:${paymentId}`]: 500 });
    expect(balancesAfter([received, lateRefunded({ ...order, externalRef: 're_1', amountMinor: 500 })])).toEqual({});
  });

  it.each([0, -1, 0.5])('of %d moves nothing and is refused', (amountMinor) => {
    expect(() => lateReceived({ ...order, externalRef: 'ch_1', amountMinor })).toThrow(RangeError);
    expect(() => paymentCaptured({ ...order, buyerId, holds: [{ escrowId, grossMinor: amountMinor }] })).toThrow(
      RangeError,
    );
  });
});
