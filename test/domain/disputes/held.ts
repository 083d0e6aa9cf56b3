/** What the tests of a dispute's money share: any hold with its lines, and any disputes about them. */

import fc from 'fast-check';
import { type ContestedLine, carveOut, lineShare, rejoin } from '../../../domain/disputes/shares.ts';
import type { HoldAmounts } from '../../../domain/postings.ts';
import { anyLines, anyPolicy, price } from '../support.ts';

export const RUNS = { numRuns: 2_000 };
export const KEYS = [
  'itemsMinor',
  'commissionMinor',
  'buyerFeeMinor',
  'processingMinor',
  'shippingMinor',
  'taxMinor',
  'grossMinor',
  'netMinor',
] as const satisfies readonly (keyof HoldAmounts)[];

export const zero: HoldAmounts = {
  itemsMinor: 0,
  commissionMinor: 0,
  buyerFeeMinor: 0,
  processingMinor: 0,
  shippingMinor: 0,
  taxMinor: 0,
  grossMinor: 0,
  netMinor: 0,
};

export const isNowhereNegative = (part: HoldAmounts): boolean => KEYS.every((key) => part[key] >= 0);

/** A vendor order's amounts without its other fields. */
export const amounts = (vendor: HoldAmounts): HoldAmounts => rejoin(vendor, zero);

export type HeldLine = { totalMinor: number; commissionMinor: number; quantity: number };
export type Held = { whole: HoldAmounts; lines: HeldLine[] };

/** Any vendor order that pricing can produce, with its lines. */
export const anyHeld: fc.Arbitrary<Held> = fc.tuple(anyPolicy, anyLines, fc.nat()).map(([policy, lines, pick]) => {
  const { vendors } = price(policy, lines);
  const vendor = vendors[pick % vendors.length];
  if (vendor === undefined) throw new Error('every order has a vendor order');
  const quantityOf = (key: string): number => lines.find((each) => each.key === key)?.quantity ?? 0;
  const heldLines = vendor.lines.map(({ key, totalMinor, commissionMinor }) => {
    return { totalMinor, commissionMinor, quantity: quantityOf(key) };
  });
  return { whole: amounts(vendor), lines: heldLines };
});

/** Which units each of some disputes contests, and how much of its part the buyer gets (by a share of 1,000). */
export const anyDisputes = fc.array(
  fc.record({
    picks: fc.array(fc.record({ line: fc.nat(), units: fc.nat() }), { minLength: 1, maxLength: 4 }),
    buyerShare: fc.oneof(fc.constant(0), fc.constant(1_000), fc.nat(1_000)),
  }),
  { maxLength: 5 },
);

export type Carved = { parts: { part: HoldAmounts; buyerMinor: number }[]; rest: HoldAmounts; lines: HeldLine[] };

/** Opens the disputes one after another on what the earlier ones have left. */
export function carveAll(
  held: Held,
  disputes: readonly { picks: { line: number; units: number }[]; buyerShare: number }[],
): Carved {
  let rest = held.whole;
  const lines = held.lines.map((each) => ({ ...each }));
  const parts: Carved['parts'] = [];
  for (const { picks, buyerShare } of disputes) {
    const contested: ContestedLine[] = [];
    for (const pick of picks) {
      const heldLine = lines[pick.line % lines.length];
      if (heldLine === undefined || heldLine.quantity === 0) continue;
      const claim = {
        totalMinor: heldLine.totalMinor,
        commissionMinor: heldLine.commissionMinor,
        quantity: 1 + (pick.units % heldLine.quantity),
        ofQuantity: heldLine.quantity,
      };
      const share = lineShare(claim);
      heldLine.totalMinor -= share.itemsMinor;
      heldLine.commissionMinor -= share.commissionMinor;
      heldLine.quantity -= claim.quantity;
      contested.push(claim);
    }
    if (contested.length === 0) continue;
    const carved = carveOut(rest, contested);
    parts.push({ part: carved.part, buyerMinor: Math.floor((carved.part.grossMinor * buyerShare) / 1_000) });
    rest = carved.rest;
  }
  return { parts, rest, lines };
}
