/** Which commission rule applies to a line. */

import type { CommissionRule } from './policy/policy.ts';

/** What a rule may look at. `at` is the instant the order is placed, RFC 3339. */
export type CommissionFacts = {
  categorySlug: string | null;
  sellerLevel: number;
  vendorSubtotalMinor: number;
  at: string;
};

/**
 * The rule that applies: the highest priority of those that match, ties to the lower rate. A policy always has a rule
 * that matches (`validatePolicy`); throws a RangeError where one has not.
 */
export function chooseCommissionRule(rules: readonly CommissionRule[], facts: CommissionFacts): CommissionRule {
  const [best] = rules
    .filter((rule) => matches(rule, facts))
    .toSorted((a, b) => b.priority - a.priority || a.rateBps - b.rateBps);
  if (best === undefined) throw new RangeError('no commission rule matches: a policy needs one without conditions');
  return best;
}

function matches(rule: CommissionRule, facts: CommissionFacts): boolean {
  const { categorySlug, sellerLevelMin, vendorSubtotalMinMinor, window } = rule;
  return (
    (categorySlug === undefined || categorySlug === facts.categorySlug) &&
    (sellerLevelMin === undefined || facts.sellerLevel >= sellerLevelMin) &&
    (vendorSubtotalMinMinor === undefined || facts.vendorSubtotalMinor >= vendorSubtotalMinMinor) &&
    (window === undefined || isWithin(window, facts.at))
  );
}

function isWithin(window: { from: string; to: string }, at: string): boolean {
  const instant = Date.parse(at);
  return Date.parse(window.from) <= instant && instant < Date.parse(window.to);
}
