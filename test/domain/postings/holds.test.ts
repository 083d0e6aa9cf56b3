/** Journals that end a hold: every minor unit goes to someone. */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PRESETS } from '../../../domain/policy/presets.ts';
import {
  chargebackLost,
  type HoldAmounts,
  holdRefunded,
  holdReleased,
  receivableSettled,
  releaseShares,
} from '../../../domain/postings.ts';
import { line, price } from '../support.ts';
import {
  amountsOf,
  anyHold,
  anyHoldAndPart,
  buyerId,
  escrowId,
  fliiplyHold,
  hold,
  orderId,
  refund,
  sellerId,
  split,
} from './support.ts';

describe('a release', () => {
  it('pays the seller’s wallet and the platform’s revenues', () => {
    const journal = holdReleased({ ...hold, sellerId, amounts: fliiplyHold() });
    expect(journal).toMatchObject({ key: `escrow/${escrowId}:release`, kind: 'hold_released', orderId, escrowId });
    expect(amountsOf(journal)).toEqual({
      [`hold:${escrowId}`]: -12_100,
      [`wallet:${sellerId}`]: 9_500,
      'revenue:commission': 500,
      'revenue:buyer_fees': 1_100,
      'revenue:shipping': 1_000,
    });
  });

  it('collects tax, and gives shipping to the seller where the policy does', () => {
    const { policy } = PRESETS['escrow-platform'];
    const fees = { ...policy.fees, shipping: { flatMinor: 900, to: 'seller' as const } };
    const lines = [line({ unitPriceMinor: 10_000 })];
    const [vendor] = price({ ...policy, fees }, lines, { region: 'US-CA' }).vendors;
    expect(amountsOf(holdReleased({ ...hold, sellerId, amounts: vendor ?? fliiplyHold() }))).toEqual({
      [`hold:${escrowId}`]: -11_625,
      [`wallet:${sellerId}`]: 9_900,
      'revenue:commission': 1_000,
      'tax:collected': 725,
    });
  });

  it('gives the seller the net of any vendor order, and the fees to the platform', () => {
    fc.assert(
      fc.property(anyHold, (amounts) => {
        const shares = releaseShares(amounts, amounts.grossMinor);
        expect(shares).toMatchObject({
          sellerMinor: amounts.netMinor,
          commissionMinor: amounts.commissionMinor,
          buyerFeesMinor: amounts.buyerFeeMinor + amounts.processingMinor,
          taxMinor: amounts.taxMinor,
        });
      }),
    );
  });

  it.each<Partial<HoldAmounts>>([
    { grossMinor: 12_099 },
    { netMinor: 9_499 },
    { taxMinor: 1 },
    { commissionMinor: -500 },
  ])('of parts that do not add up is refused: %j', (wrong) => {
    expect(() => holdReleased({ ...hold, sellerId, amounts: { ...fliiplyHold(), ...wrong } })).toThrow(RangeError);
  });
});

describe('a split', () => {
  it('is the design’s worked example 4: half of a hold of 121.00', () => {
    expect(releaseShares(fliiplyHold(), 6_050)).toEqual({
      sellerMinor: 4_750,
      commissionMinor: 250,
      buyerFeesMinor: 550,
      shippingMinor: 500,
      taxMinor: 0,
    });
    expect(amountsOf(split(fliiplyHold(), 6_050))).toEqual({
      [`hold:${escrowId}`]: -12_100,
      'world:stripe': 6_050,
      [`wallet:${sellerId}`]: 4_750,
      'revenue:commission': 250,
      'revenue:buyer_fees': 550,
      'revenue:shipping': 500,
    });
  });

  it('gives the buyer exactly their part, and shares out the whole hold, none below zero', () => {
    fc.assert(
      fc.property(anyHoldAndPart, ([amounts, buyerMinor]) => {
        const journal = split(amounts, buyerMinor);
        const gained = journal.lines.filter((each) => each.account !== `hold:${escrowId}`);
        expect(gained.every((each) => each.amountMinor > 0)).toBe(true);
        expect(gained.reduce((sum, each) => sum + each.amountMinor, 0)).toBe(amounts.grossMinor);
        expect(amountsOf(journal)['world:stripe'] ?? 0).toBe(buyerMinor);
      }),
    );
  });

  it('takes for the platform no more than half a minor unit per fee beyond its exact part', () => {
    fc.assert(
      fc.property(anyHoldAndPart, ([amounts, buyerMinor]) => {
        const releasedMinor = amounts.grossMinor - buyerMinor;
        const shares = releaseShares(amounts, releasedMinor);
        const exact = (partMinor: number): number => (partMinor * releasedMinor) / amounts.grossMinor;
        const tolerance = 0.5 + 1e-6;
        expect(shares.taxMinor).toBeLessThanOrEqual(exact(amounts.taxMinor) + tolerance);
        expect(shares.commissionMinor).toBeLessThanOrEqual(exact(amounts.commissionMinor) + tolerance);
        const buyerFeesMinor = amounts.buyerFeeMinor + amounts.processingMinor;
        expect(shares.buyerFeesMinor).toBeLessThanOrEqual(exact(buyerFeesMinor) + 2 * tolerance);
      }),
    );
  });

  it('at its ends is the full release and the full refund', () => {
    fc.assert(
      fc.property(anyHold, (amounts) => {
        expect(split(amounts, 0).lines).toEqual(holdReleased({ ...hold, sellerId, amounts }).lines);
        expect(split(amounts, amounts.grossMinor).lines).toEqual(refund(amounts.grossMinor).lines);
      }),
    );
  });

  it('never leaves the seller less than nothing, where a minor unit is released of a hold full of fees', () => {
    const amounts: HoldAmounts = {
      itemsMinor: 1,
      commissionMinor: 1,
      buyerFeeMinor: 1,
      processingMinor: 1,
      shippingMinor: 0,
      taxMinor: 1,
      grossMinor: 4,
      netMinor: 0,
    };
    expect(releaseShares(amounts, 2)).toEqual({
      sellerMinor: 0,
      taxMinor: 1,
      commissionMinor: 1,
      buyerFeesMinor: 0,
      shippingMinor: 0,
    });
  });

  it.each([-1, 12_101, 0.5])('with %d for the buyer of 121.00 is refused', (buyerMinor) => {
    expect(() => split(fliiplyHold(), buyerMinor)).toThrow(RangeError);
  });
});

describe('a hold that ends in several steps', () => {
  it('has a key for each release and refund; the first is what it is where there is only one', () => {
    const amounts = fliiplyHold();
    const keyOf = (release?: number) => holdReleased({ ...hold, sellerId, amounts, release }).key;
    expect([undefined, 1, 2, 3].map(keyOf)).toEqual([
      `escrow/${escrowId}:release`,
      `escrow/${escrowId}:release`,
      `escrow/${escrowId}:release:2`,
      `escrow/${escrowId}:release:3`,
    ]);
    const refunded = { ...hold, buyerId, provider: 'stripe', authorisedOnly: false, grossMinor: 5 } as const;
    expect([undefined, 2].map((again) => holdRefunded({ ...refunded, refund: again }).key)).toEqual([
      `escrow/${escrowId}:refund`,
      `escrow/${escrowId}:refund:2`,
    ]);
  });

  it('pays its seller’s debt under a key of each release, and loses each contested part to the bank under its own', () => {
    const debt = { ...hold, sellerId, amountMinor: 100 };
    const disputeId = 'dsp_00000000000000000000000001';
    expect(
      [{}, { release: 2 }, { disputeId } as const].map((which) => receivableSettled({ ...debt, ...which }).key),
    ).toEqual([
      `escrow/${escrowId}:receivable-settled`,
      `escrow/${escrowId}:receivable-settled:2`,
      `dispute/${disputeId}:receivable-settled`,
    ]);
    const lost = { ...hold, provider: 'stripe', amountMinor: 100, reference: 'dp_1' } as const;
    expect([chargebackLost(lost).key, chargebackLost({ ...lost, disputeId }).key]).toEqual([
      `escrow/${escrowId}:chargeback-lost:dp_1`,
      `dispute/${disputeId}:chargeback-lost:dp_1`,
    ]);
  });
});
