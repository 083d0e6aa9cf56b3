/** Pari-mutuel, to the chip: whatever is staked and whoever wins, the pool is given out and nothing besides. */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { OutcomeId } from '../../../domain/ids.ts';
import { payoutOf, payoutRule, rakeOf, type Stake } from '../../../domain/markets/settlement.ts';

const OUTCOMES: readonly OutcomeId[] = ['out_a', 'out_b', 'out_c'];
type Forecast = Stake & { outcomeId: OutcomeId };

const points = fc.oneof(
  fc.integer({ min: 1, max: 5 }),
  fc.integer({ min: 1, max: 10_000 }),
  fc.integer({ min: 1, max: 1e11 }),
);
/** In the order they were placed, with gaps: other markets have forecasts too. */
const forecasts = fc
  .array(fc.record({ points, outcomeId: fc.constantFrom(...OUTCOMES), gap: fc.integer({ min: 1, max: 9 }) }), {
    maxLength: 60,
  })
  .map((list) => {
    let seq = 0;
    return list.map(({ gap, ...stake }): Forecast => ({ ...stake, seq: (seq += gap) }));
  });
const rakeBps = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 10_000 }));
const outcome = fc.constantFrom(...OUTCOMES);

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
function settle(all: readonly Forecast[], winner: OutcomeId, bps: number) {
  const pool = sum(all.map((each) => each.points));
  const winners = all.filter(({ outcomeId }) => outcomeId === winner);
  const rule = payoutRule(winner, pool, bps, winners);
  return { pool, winners, rule, payouts: all.map((each) => payoutOf(rule, each)) };
}
const pay = (stakes: readonly number[], lost: number, bps = 0): number[] => {
  const all = stakes.map((each, seq): Forecast => ({ seq, points: each, outcomeId: 'out_a' }));
  return settle([...all, { seq: 99, points: lost, outcomeId: 'out_b' }], 'out_a', bps).payouts.slice(0, -1);
};

describe('any stakes and any winner', () => {
  it('pay out the pool without the rake, or return every stake', () => {
    fc.assert(
      fc.property(forecasts, outcome, rakeBps, (all, winner, bps) => {
        const { pool, winners, rule, payouts } = settle(all, winner, bps);
        expect(sum(payouts)).toBe(winners.length === 0 ? pool : pool - rakeOf(pool, bps));
        expect(rule.kind).toBe(winners.length === 0 ? 'returned' : 'paid');
        expect(payouts.every((payout) => Number.isSafeInteger(payout) && payout >= 0)).toBe(true);
      }),
    );
  });

  it('give everybody their share, at most one chip away from it', () => {
    fc.assert(
      fc.property(forecasts, outcome, rakeBps, (all, winner, bps) => {
        const { rule, payouts } = settle(all, winner, bps);
        if (rule.kind === 'returned') return expect(payouts).toEqual(all.map((each) => each.points));
        for (const [n, each] of all.entries()) {
          const exact = each.outcomeId === winner ? BigInt(each.points) * BigInt(rule.net) : 0n;
          const distance = BigInt(payouts[n] ?? 0) * BigInt(rule.winnersPoints) - exact;
          expect(distance > -BigInt(rule.winnersPoints) && distance < BigInt(rule.winnersPoints)).toBe(true);
        }
      }),
    );
  });

  it('never give less to who staked more, nor to the earlier of two alike', () => {
    fc.assert(
      fc.property(forecasts, outcome, rakeBps, (all, winner, bps) => {
        const { payouts } = settle(all, winner, bps);
        const won = all.flatMap((each, n) => (each.outcomeId === winner ? [{ ...each, payout: payouts[n] ?? 0 }] : []));
        const ranked = won.toSorted((a, b) => b.points - a.points || a.seq - b.seq).map(({ payout }) => payout);
        expect(ranked).toEqual(ranked.toSorted((a, b) => b - a));
      }),
    );
  });

  it('come to the same whatever batches they are paid in', () => {
    fc.assert(
      fc.property(forecasts, outcome, rakeBps, (all, winner, bps) => {
        const { rule, payouts } = settle(all, winner, bps);
        // Across the wire and back, as it is stored.
        const stored = JSON.parse(JSON.stringify(rule)) as typeof rule;
        expect(all.toReversed().map((each) => payoutOf(stored, each))).toEqual(payouts.toReversed());
      }),
    );
  });
});

describe('in numbers', () => {
  it('Ana with 100 and Ben with 50 share a pool of 250: 167 and 83', () => {
    expect(pay([100, 50], 100)).toEqual([167, 83]);
  });

  it('chips left from rounding go to the largest fractions, ties to the earlier forecast', () => {
    expect(pay([1, 1, 1], 1)).toEqual([2, 1, 1]);
    expect(pay([1, 1, 1], 2)).toEqual([2, 2, 1]);
    expect(pay([1, 2, 3], 1)).toEqual([1, 2, 4]);
  });

  it.each([
    [0, 250],
    [1, 250],
    [250, 244],
    [3_333, 167],
    [10_000, 0],
  ])('a rake of %s bps of 250 leaves %s', (bps, left) => {
    expect(sum(pay([100, 50], 100, bps))).toBe(left);
  });

  it('nobody chose the outcome: no rake, every stake goes back', () => {
    const all: Forecast[] = [{ seq: 1, points: 7, outcomeId: 'out_b' }];
    expect(settle(all, 'out_a', 500)).toMatchObject({ rule: { kind: 'returned' }, payouts: [7] });
  });

  it('an empty pool is returned, and so nothing', () => {
    expect(settle([], 'out_a', 500)).toMatchObject({ rule: { kind: 'returned' }, payouts: [] });
  });
});
