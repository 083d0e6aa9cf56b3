/** The money of a dispute: whatever is frozen and decided, every minor unit of the hold goes to someone, once. */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { carveOut } from '../../../domain/disputes/shares.ts';
import { PRESETS } from '../../../domain/policy/presets.ts';
import { holdPartSplit, holdRefunded, holdReleased, type Journal, releaseShares } from '../../../domain/postings.ts';
import {
  amountsOf,
  balancesAfter,
  buyerId,
  escrowId,
  fliiplyHold,
  hold,
  orderId,
  sellerId,
} from '../postings/support.ts';
import { line, price } from '../support.ts';
import { amounts, anyDisputes, anyHeld, type Carved, carveAll, type Held, RUNS } from './held.ts';

const disputeIdOf = (index: number) => `dsp_0000000000000000000000000${index + 1}` as const;

/** Every journal that ends this hold: one per dispute, and one for what nobody disputed. */
function journalsOf({ parts, rest }: Carved, restRefunded: boolean): Journal[] {
  const ends = { ...hold, sellerId, buyerId, provider: 'stripe' } as const;
  const resolved = parts.map(({ part, buyerMinor }, index) =>
    holdPartSplit({ ...ends, disputeId: disputeIdOf(index), amounts: part, buyerMinor }),
  );
  if (rest.grossMinor === 0) return resolved;
  const { grossMinor } = rest;
  const last = restRefunded
    ? holdRefunded({ ...ends, authorisedOnly: false, grossMinor })
    : holdReleased({ ...ends, amounts: rest });
  return [...resolved, last];
}

describe('the journals of a hold with disputes', () => {
  it('share out exactly the hold, whatever is disputed and decided', () => {
    fc.assert(
      fc.property(anyHeld, anyDisputes, fc.boolean(), (held, disputes, restRefunded) => {
        const carved = carveAll(held, disputes);
        const journals = journalsOf(carved, restRefunded);
        const balances = balancesAfter(journals);
        expect(balances[`hold:${escrowId}`]).toBe(-held.whole.grossMinor);
        const others = Object.entries(balances).filter(([account]) => account !== `hold:${escrowId}`);
        expect(others.every(([, balanceMinor]) => balanceMinor > 0)).toBe(true);
        expect(others.reduce((sum, [, balanceMinor]) => sum + balanceMinor, 0)).toBe(held.whole.grossMinor);
        const refunded = carved.parts.reduce((sum, { buyerMinor }) => sum + buyerMinor, 0);
        expect(balances['world:stripe'] ?? 0).toBe(refunded + (restRefunded ? carved.rest.grossMinor : 0));
        expect(new Set(journals.map((each) => each.key)).size).toBe(journals.length);
      }),
      RUNS,
    );
  });

  it('give each account what one release of the whole would, where everything is released in the end', () => {
    fc.assert(
      fc.property(anyHeld, anyDisputes, (held, disputes) => {
        const carved = carveAll(
          held,
          disputes.map((dispute) => ({ ...dispute, buyerShare: 0 })),
        );
        const whole = [holdReleased({ ...hold, sellerId, amounts: held.whole })];
        expect(balancesAfter(journalsOf(carved, false))).toEqual(balancesAfter(whole));
      }),
      RUNS,
    );
  });

  it('never take more of any fee than one release of the whole would', () => {
    fc.assert(
      fc.property(anyHeld, anyDisputes, (held, disputes) => {
        const { parts, rest } = carveAll(held, disputes);
        const most = releaseShares(held.whole, held.whole.grossMinor);
        const taken = parts.map(({ part, buyerMinor }) => releaseShares(part, part.grossMinor - buyerMinor));
        if (rest.grossMinor > 0) taken.push(releaseShares(rest, rest.grossMinor));
        for (const key of ['commissionMinor', 'buyerFeesMinor', 'shippingMinor', 'taxMinor'] as const) {
          expect(taken.reduce((sum, shares) => sum + shares[key], 0)).toBeLessThanOrEqual(most[key]);
        }
      }),
      RUNS,
    );
  });

  it('are keyed by the dispute, so that two disputes and the rest of one hold can all be posted', () => {
    const { whole, lines } = twoLines();
    const [first, second] = lines;
    if (first === undefined || second === undefined) throw new Error('two lines');
    const one = carveOut(whole, [{ ...first, ofQuantity: 1 }]);
    const two = carveOut(one.rest, [{ ...second, quantity: 1, ofQuantity: 2 }]);
    const parts = [
      { part: one.part, buyerMinor: 6_000 },
      { part: two.part, buyerMinor: 0 },
    ];
    expect(journalsOf({ parts, rest: two.rest, lines: [] }, false).map((each) => [each.key, amountsOf(each)])).toEqual([
      [`dispute/${disputeIdOf(0)}:resolve`, { [`hold:${escrowId}`]: -6_000, 'world:stripe': 6_000 }],
      [
        `dispute/${disputeIdOf(1)}:resolve`,
        { [`hold:${escrowId}`]: -2_000, [`wallet:${sellerId}`]: 1_800, 'revenue:commission': 200 },
      ],
      [
        `escrow/${escrowId}:release`,
        { [`hold:${escrowId}`]: -2_000, [`wallet:${sellerId}`]: 1_800, 'revenue:commission': 200 },
      ],
    ]);
  });

  it('shrink an authorisation where nothing was charged, and cannot release it', () => {
    const input = { ...hold, sellerId, buyerId, provider: 'stripe', disputeId: disputeIdOf(0) } as const;
    const part = fliiplyHold();
    const refunded = holdPartSplit({ ...input, authorisedOnly: true, amounts: part, buyerMinor: part.grossMinor });
    expect(refunded).toMatchObject({ kind: 'hold_split', orderId, escrowId });
    expect(amountsOf(refunded)).toEqual({ [`hold:${escrowId}`]: -12_100, 'world:stripe_authorised': 12_100 });
    expect(() => holdPartSplit({ ...input, authorisedOnly: true, amounts: part, buyerMinor: 1 })).toThrow(RangeError);
  });
});

/** The design's worked example 1 as one shop's: 60.00, and two units of 20.00, at 10 %. */
function twoLines(): Held {
  const lines = [line({ key: 'a', unitPriceMinor: 6_000 }), line({ key: 'b', unitPriceMinor: 2_000, quantity: 2 })];
  const [vendor] = price(PRESETS['multi-vendor'].policy, lines).vendors;
  if (vendor === undefined) throw new Error('one vendor order');
  const quantities = [1, 2];
  const heldLines = vendor.lines.map(({ totalMinor, commissionMinor }, index) => {
    return { totalMinor, commissionMinor, quantity: quantities[index] ?? 0 };
  });
  return { whole: amounts(vendor), lines: heldLines };
}
