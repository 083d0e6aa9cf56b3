/** Who gets what of a pool: pari-mutuel, exact to the chip. */

import type { OutcomeId } from '../ids.ts';

/** The stakes of one outcome's forecasts, in the order they were placed. Points are whole and above zero. */
export type Stake = { seq: number; points: number };

/**
 * How every forecast's payout follows from its own points, fixed once when the outcome is: so that batches can be paid one
 * after the other. `returned`: every stake goes back (cancelled, or nobody chose the winner). Otherwise a winner with p
 * points gets floor(p × net / winnersPoints), and one chip more where its fraction is above `lastExtra.fraction`
 * (a numerator over winnersPoints), or equal to it and its forecast is `lastExtra.seq` or earlier.
 */
export type PayoutRule =
  | { kind: 'returned' }
  | {
      kind: 'paid';
      outcomeId: OutcomeId;
      /** The pool without the rake. */
      net: number;
      rake: number;
      winnersPoints: number;
      /** The last winner who gets a chip from the rounding; null where nothing is left to give. */
      lastExtra: { fraction: number; seq: number } | null;
    };

/** What the platform keeps of a pool: rounded down. */
export function rakeOf(poolPoints: number, rakeBps: number): number {
  return Number((BigInt(poolPoints) * BigInt(rakeBps)) / 10_000n);
}

/**
 * The rule for a pool and its winners. Design: `net` is given out completely, the chips lost to rounding down go to the
 * largest fractions, ties to the earlier forecast. No winners: every stake goes back.
 */
export function payoutRule(
  outcomeId: OutcomeId,
  poolPoints: number,
  rakeBps: number,
  winners: readonly Stake[],
): PayoutRule {
  const winnersPoints = winners.reduce((sum, { points }) => sum + points, 0);
  if (winnersPoints === 0) return { kind: 'returned' };
  const rake = rakeOf(poolPoints, rakeBps);
  const net = poolPoints - rake;
  const shares = winners.map(({ seq, points }) => ({ seq, ...shareOf(points, net, winnersPoints) }));
  const left = net - shares.reduce((sum, { whole }) => sum + whole, 0);
  const byFraction = shares.toSorted((a, b) => b.fraction - a.fraction || a.seq - b.seq);
  const last = left > 0 ? byFraction[left - 1] : undefined;
  const lastExtra = last ? { fraction: last.fraction, seq: last.seq } : null;
  return { kind: 'paid', outcomeId, net, rake, winnersPoints, lastExtra };
}

/** What one forecast gets under the rule, in whole points. */
export function payoutOf(rule: PayoutRule, forecast: Stake & { outcomeId: OutcomeId }): number {
  if (rule.kind === 'returned') return forecast.points;
  if (forecast.outcomeId !== rule.outcomeId) return 0;
  const { whole, fraction } = shareOf(forecast.points, rule.net, rule.winnersPoints);
  return whole + (getsExtra(rule.lastExtra, fraction, forecast.seq) ? 1 : 0);
}

function getsExtra(last: { fraction: number; seq: number } | null, fraction: number, seq: number): boolean {
  if (last === null) return false;
  return fraction > last.fraction || (fraction === last.fraction && seq <= last.seq);
}

/** The share without rounding is whole + fraction / winnersPoints. */
function shareOf(points: number, net: number, winnersPoints: number): { whole: number; fraction: number } {
  const product = BigInt(points) * BigInt(net);
  const divisor = BigInt(winnersPoints);
  return { whole: Number(product / divisor), fraction: Number(product % divisor) };
}
