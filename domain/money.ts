/** Amounts: integers of minor units, rounding and division that always add up. */

import { type Currency, isCurrency } from './currencies.ts';

/** An amount of minor units (cents, yen, fils, chips), as the API, workflows and rows carry it. */
export type Money = { amountMinor: number; currency: Currency };

/** Throws a RangeError unless the amount is a safe integer: a wrong amount is a bug, not an input to repair. */
export function assertMinor(amountMinor: number): number {
  if (!Number.isSafeInteger(amountMinor)) throw new RangeError(`not a safe integer of minor units: ${amountMinor}`);
  return amountMinor;
}

/** Money from its parts; throws a RangeError for an unknown currency or an unsafe amount. */
export function money(amountMinor: number, currency: string): Money {
  if (!isCurrency(currency)) throw new RangeError(`unknown currency: ${currency}`);
  return { amountMinor: assertMinor(amountMinor), currency };
}

/** The exact sum; throws a RangeError where a part or the sum is not a safe integer. */
export function sumMinor(amountsMinor: readonly number[]): number {
  return assertMinor(Number(amountsMinor.reduce((sum, amountMinor) => sum + BigInt(assertMinor(amountMinor)), 0n)));
}

/** amount × bps / 10,000, rounded half up. Both ≥ 0. */
export function applyBps(amountMinor: number, bps: number): number {
  return scaleHalfUp(amountMinor, bps, 10_000);
}

/** amount × numerator / denominator, rounded half up. All ≥ 0, denominator > 0. The product goes through bigint. */
export function scaleHalfUp(amountMinor: number, numerator: number, denominator: number): number {
  for (const part of [amountMinor, numerator, denominator]) {
    if (assertMinor(part) < 0) throw new RangeError(`negative part in a proportion: ${part}`);
  }
  if (denominator === 0) throw new RangeError('a proportion needs a denominator above zero');
  const product = BigInt(amountMinor) * BigInt(numerator) * 2n + BigInt(denominator);
  return assertMinor(Number(product / (BigInt(denominator) * 2n)));
}

/**
 * Divides a total ≥ 0 by weights ≥ 0 (at least one above zero) by largest remainders, ties to the earlier weight.
 * The parts always sum to the total.
 */
export function allocate(totalMinor: number, weights: readonly number[]): number[] {
  if (assertMinor(totalMinor) < 0) throw new RangeError(`cannot allocate a negative total: ${totalMinor}`);
  if (weights.some((weight) => assertMinor(weight) < 0)) throw new RangeError('weights must not be negative');
  const weightSum = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
  if (weightSum === 0n) throw new RangeError('at least one weight must be above zero');
  const shares = weights.map((weight, index) => {
    const product = BigInt(totalMinor) * BigInt(weight);
    return { index, whole: Number(product / weightSum), remainder: product % weightSum };
  });
  const parts = shares.map((share) => share.whole);
  const left = totalMinor - sumMinor(parts);
  const byRemainder = shares.toSorted((a, b) => compareBigints(b.remainder, a.remainder) || a.index - b.index);
  for (const share of byRemainder.slice(0, left)) parts[share.index] = share.whole + 1;
  return parts;
}

function compareBigints(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
