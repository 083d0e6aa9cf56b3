/** Amounts: exact sums, rounding half up, divisions that add up. */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allocate, applyBps, assertMinor, money, scaleHalfUp, sumMinor } from '../../domain/money.ts';

const amount = fc.maxSafeNat();
const weights = fc.array(amount, { minLength: 1, maxLength: 20 }).filter((list) => list.some((weight) => weight > 0));

describe('amounts', () => {
  it.each([0.1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('are refused when they are %s', (wrong) => {
    expect(() => assertMinor(wrong)).toThrow(RangeError);
    expect(() => money(wrong, 'USD')).toThrow(RangeError);
  });

  it.each(['usd', 'XXX', '', 'toString'])('are refused in the currency "%s"', (currency) => {
    expect(() => money(100, currency)).toThrow(RangeError);
  });

  it('keep their value and currency', () => {
    expect(money(1999, 'USD')).toEqual({ amountMinor: 1999, currency: 'USD' });
  });

  it('sum exactly or not at all', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeInteger()), (list) => {
        const exact = list.reduce((sum, each) => sum + BigInt(each), 0n);
        if (Number.isSafeInteger(Number(exact))) expect(BigInt(sumMinor(list))).toBe(exact);
        else expect(() => sumMinor(list)).toThrow(RangeError);
      }),
    );
    expect(sumMinor([])).toBe(0);
  });
});

describe('applyBps', () => {
  it.each([
    [10_000, 1_000, 1_000],
    [5, 1_000, 1],
    [4, 1_000, 0],
    [15, 1_000, 2],
    [14, 1_000, 1],
    [0, 1_000, 0],
    [999, 0, 0],
    [Number.MAX_SAFE_INTEGER, 10_000, Number.MAX_SAFE_INTEGER],
  ])('takes of %d minor units %d bps: %d', (amountMinor, bps, expected) => {
    expect(applyBps(amountMinor, bps)).toBe(expected);
  });

  it('rounds half up, as an oracle in whole numbers does', () => {
    fc.assert(
      fc.property(amount, fc.nat(10_000), (amountMinor, bps) => {
        const product = BigInt(amountMinor) * BigInt(bps);
        const whole = product / 10_000n;
        const expected = product % 10_000n >= 5_000n ? whole + 1n : whole;
        expect(BigInt(applyBps(amountMinor, bps))).toBe(expected);
      }),
    );
  });

  it('refuses negative parts', () => {
    expect(() => applyBps(-1, 100)).toThrow(RangeError);
    expect(() => applyBps(1, -100)).toThrow(RangeError);
  });
});

describe('scaleHalfUp', () => {
  it('scales by the whole to itself and by nothing to nothing', () => {
    fc.assert(
      fc.property(amount, amount, (amountMinor, denominator) => {
        fc.pre(denominator > 0);
        expect(scaleHalfUp(amountMinor, denominator, denominator)).toBe(amountMinor);
        expect(scaleHalfUp(amountMinor, 0, denominator)).toBe(0);
      }),
    );
  });

  it('refuses a denominator of zero and a result that is not safe', () => {
    expect(() => scaleHalfUp(1, 1, 0)).toThrow(RangeError);
    expect(() => scaleHalfUp(Number.MAX_SAFE_INTEGER, 2, 1)).toThrow(RangeError);
  });
});

describe('allocate', () => {
  it.each([
    [100, [1, 1, 1], [34, 33, 33]],
    [5, [1, 1], [3, 2]],
    [2, [1, 1, 1], [1, 1, 0]],
    [10, [7, 3], [7, 3]],
    [1, [1, 2], [0, 1]],
    [7, [0, 5, 0], [0, 7, 0]],
    [0, [3, 4], [0, 0]],
  ])('divides %d by %j into %j: largest remainders, ties to the earlier', (total, by, expected) => {
    expect(allocate(total, by)).toEqual(expected);
  });

  it('always sums to the total, and gives each its exact share rounded down or up', () => {
    fc.assert(
      fc.property(amount, weights, (total, by) => {
        const parts = allocate(total, by);
        const weightSum = by.reduce((sum, weight) => sum + BigInt(weight), 0n);
        expect(sumMinor(parts)).toBe(total);
        parts.forEach((part, index) => {
          const product = BigInt(total) * BigInt(by[index] ?? 0);
          const down = product / weightSum;
          const up = product % weightSum === 0n ? down : down + 1n;
          expect([down, up]).toContain(BigInt(part));
        });
      }),
    );
  });

  it('never gives a larger weight less than a smaller one, nor an earlier equal one less than a later', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 2 }), (total, by) => {
        const parts = allocate(total, by);
        for (let i = 1; i < by.length; i += 1) {
          const [before, here] = [by[i - 1] ?? 0, by[i] ?? 0];
          const difference = (parts[i - 1] ?? 0) - (parts[i] ?? 0);
          if (before >= here) expect(difference).toBeGreaterThanOrEqual(0);
          else expect(difference).toBeLessThanOrEqual(0);
        }
      }),
    );
  });

  it.each([
    [-1, [1]],
    [1, []],
    [1, [0, 0]],
    [1, [2, -1]],
    [0.5, [1]],
  ])('refuses to divide %d by %j', (total, by) => {
    expect(() => allocate(total, by)).toThrow(RangeError);
  });
});
