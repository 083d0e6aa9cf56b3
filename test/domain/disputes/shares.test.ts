/** What a dispute freezes: parts of a hold that always sum to it. */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ContestedLine, carveOut, carveOutAmount, rejoin } from '../../../domain/disputes/shares.ts';
import { type HoldAmounts, releaseShares } from '../../../domain/postings.ts';
import { fliiplyHold } from '../postings/support.ts';
import { anyDisputes, anyHeld, carveAll, isNowhereNegative, RUNS, zero } from './held.ts';

describe('freezing lines of a hold', () => {
  it('takes a line with its commission, and fees, shipping and tax by its share of the items', () => {
    // The design's worked example 2, disputed for half: two units of 50.00 in a hold of 121.00.
    const { part, rest } = carveOut(fliiplyHold(), [
      { totalMinor: 10_000, commissionMinor: 500, quantity: 1, ofQuantity: 2 },
    ]);
    expect(part).toEqual({
      itemsMinor: 5_000,
      commissionMinor: 250,
      buyerFeeMinor: 250,
      processingMinor: 300,
      shippingMinor: 500,
      taxMinor: 0,
      grossMinor: 6_050,
      netMinor: 4_750,
    });
    expect(rest).toEqual(part);
  });

  it('leaves nothing where all lines are disputed', () => {
    fc.assert(
      fc.property(anyHeld, ({ whole, lines }) => {
        const all = lines.map((each) => ({ ...each, ofQuantity: each.quantity }));
        expect(carveOut(whole, all)).toEqual({ part: whole, rest: zero });
      }),
      RUNS,
    );
  });

  it('makes parts that sum to the hold in every component, none below zero, however often', () => {
    fc.assert(
      fc.property(anyHeld, anyDisputes, (held, disputes) => {
        const { parts, rest, lines } = carveAll(held, disputes);
        const everything = [...parts.map(({ part }) => part), rest];
        expect(everything.reduce(rejoin)).toEqual(held.whole);
        expect(everything.every(isNowhereNegative)).toBe(true);
        expect(rest.itemsMinor).toBe(lines.reduce((sum, each) => sum + each.totalMinor, 0));
        expect(rest.commissionMinor).toBe(lines.reduce((sum, each) => sum + each.commissionMinor, 0));
      }),
      RUNS,
    );
  });

  it('keeps every commission within its items, even where a caller counts the same line from its beginning each time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 2, max: 30 }), fc.nat(10_000), (unit, of, bps) => {
        const totalMinor = unit * of;
        const commissionMinor = Math.floor((totalMinor * bps + 5_000) / 10_000);
        const netMinor = totalMinor - commissionMinor;
        let rest: HoldAmounts = { ...zero, itemsMinor: totalMinor, commissionMinor, grossMinor: totalMinor, netMinor };
        for (let unitNo = 0; unitNo < of; unitNo += 1) {
          const carved = carveOut(rest, [{ totalMinor, commissionMinor, quantity: 1, ofQuantity: of }]);
          if (carved.part.netMinor < 0 || carved.rest.netMinor < 0) throw new Error('a seller would pay to sell');
          rest = carved.rest;
        }
        expect(rest).toEqual(zero);
      }),
      RUNS,
    );
  });

  it.each<[string, ContestedLine[]]>([
    ['no lines', []],
    ['no units', [{ totalMinor: 100, commissionMinor: 5, quantity: 0, ofQuantity: 1 }]],
    ['more units than there are', [{ totalMinor: 100, commissionMinor: 5, quantity: 2, ofQuantity: 1 }]],
    ['half a unit', [{ totalMinor: 100, commissionMinor: 5, quantity: 0.5, ofQuantity: 1 }]],
    ['more than is held', [{ totalMinor: 10_001, commissionMinor: 500, quantity: 1, ofQuantity: 1 }]],
    ['less than nothing', [{ totalMinor: -100, commissionMinor: 0, quantity: 1, ofQuantity: 1 }]],
  ])('refuses %s', (_what, lines) => {
    expect(() => carveOut(fliiplyHold(), lines)).toThrow(RangeError);
  });

  it('refuses a hold whose parts do not add up', () => {
    const wrong = { ...fliiplyHold(), grossMinor: 1 };
    expect(() => carveOut(wrong, [{ totalMinor: 100, commissionMinor: 5, quantity: 1, ofQuantity: 1 }])).toThrow(
      RangeError,
    );
  });
});

describe('an amount that names no lines', () => {
  it('is taken from every component, and both parts stay sound holds that sum to the whole', () => {
    fc.assert(
      fc.property(anyHeld, fc.nat(), ({ whole }, pick) => {
        const amountMinor = 1 + (pick % whole.grossMinor);
        const { part, rest } = carveOutAmount(whole, amountMinor);
        expect(part.grossMinor).toBe(amountMinor);
        expect(rejoin(part, rest)).toEqual(whole);
        expect([part, rest].every(isNowhereNegative)).toBe(true);
      }),
      RUNS,
    );
  });

  it.each([0, -1, 12_101, 0.5])('of %d cannot be taken out of 121.00', (amountMinor) => {
    expect(() => carveOutAmount(fliiplyHold(), amountMinor)).toThrow(RangeError);
  });
});

describe('parts that come back into the hold', () => {
  it('less what the bank took of each, still make sound holds that sum to the whole and can be released', () => {
    fc.assert(
      fc.property(
        anyHeld,
        anyDisputes,
        fc.array(fc.nat(1_000), { minLength: 5, maxLength: 5 }),
        (held, disputes, takes) => {
          const { parts, rest } = carveAll(held, disputes);
          let hold = rest;
          const taken: HoldAmounts[] = [];
          for (const [index, { part }] of parts.entries()) {
            const amountMinor = Math.floor((part.grossMinor * (takes[index] ?? 0)) / 1_000);
            const carved = amountMinor === 0 ? { part: zero, rest: part } : carveOutAmount(part, amountMinor);
            taken.push(carved.part);
            hold = rejoin(carved.rest, hold);
          }
          expect([...taken, hold].reduce(rejoin)).toEqual(held.whole);
          expect([...taken, hold].every(isNowhereNegative)).toBe(true);
          if (hold.grossMinor === 0) return;
          const shares = releaseShares(hold, hold.grossMinor);
          expect(shares.sellerMinor).toBe(hold.netMinor);
        },
      ),
      RUNS,
    );
  });
});
