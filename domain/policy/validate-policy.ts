/** The rules between a policy's values. Its shape is the API schema's business; this says whether it can be run. */

import type { CommissionRule, DisputePolicy, FeePolicy, MarketPolicy, PaymentProviderName, Policy } from './policy.ts';

/** What is wrong, and where: `path` as in `fees.commissionRules.0.rateBps`. */
export type PolicyProblem = { path: string; message: string };

/** Providers that can authorise now and charge later. */
const PROVIDERS_WITH_AUTHORISATION: readonly PaymentProviderName[] = ['stripe', 'pi'];

/** Every problem of a policy that an admin wants to give to a channel; an empty list when it can be run. */
export function validatePolicy(policy: Policy): PolicyProblem[] {
  return [
    ...paymentProblems(policy),
    ...durationProblems(policy),
    ...feeProblems(policy.fees),
    ...policy.fees.commissionRules.flatMap(ruleProblems),
    ...disputeProblems(policy.dispute),
    ...marketProblems(policy),
  ];
}

function paymentProblems({ currency, cart, payment }: Policy): PolicyProblem[] {
  const late = payment.capture === 'on_release';
  const unable = payment.providers.filter((provider) => !PROVIDERS_WITH_AUTHORISATION.includes(provider));
  return problems([
    [currency === 'CHIP', 'currency', 'goods are not sold for chips'],
    [payment.providers.length === 0, 'payment.providers', 'at least one provider is needed'],
    [hasDuplicates(payment.providers), 'payment.providers', 'a provider is named twice'],
    // One authorisation can be captured once, so it can only serve one shop's hold.
    [late && cart.vendors !== 'one', 'cart.vendors', 'capture on release needs orders of one shop'],
    [late && unable.length > 0, 'payment.providers', `cannot capture on release: ${unable.join(', ')}`],
  ]);
}

function durationProblems({ cart, payment, hold, digital, dispute, authenticity, market }: Policy): PolicyProblem[] {
  const aboveZero = {
    'payment.windowMs': payment.windowMs,
    'hold.shipWithinMs': hold.shipWithinMs,
    'hold.deliveredAfterMs': hold.deliveredAfterMs,
    'hold.autoReleaseMs': hold.autoReleaseMs,
    'hold.captureBeforeExpiryMs': hold.captureBeforeExpiryMs,
    'dispute.sellerResponseMs': dispute.sellerResponseMs,
    'dispute.mediationMs': dispute.mediationMs,
    'dispute.appealWindowMs': dispute.appealWindowMs,
    'dispute.reviewMs': dispute.reviewMs,
    'dispute.replacementShipMs': dispute.replacementShipMs,
    'dispute.returnShipMs': dispute.returnShipMs,
    'dispute.returnConfirmMs': dispute.returnConfirmMs,
    ...(authenticity && {
      'authenticity.assignWithinMs': authenticity.assignWithinMs,
      'authenticity.inspectWithinMs': authenticity.inspectWithinMs,
      'authenticity.forwardWithinMs': authenticity.forwardWithinMs,
      'authenticity.choiceWithinMs': authenticity.choiceWithinMs,
    }),
    ...(market && {
      'market.resolveByMs': market.resolveByMs,
      'market.decideWithinMs': market.decideWithinMs,
      'market.cancelAfterAlertMs': market.cancelAfterAlertMs,
    }),
  };
  const zeroAllowed = {
    'cart.reservationMs': cart.reservationMs,
    ...(digital && {
      'digital.releaseAfterMs': digital.releaseAfterMs,
      'digital.releaseAfterAccessMs': digital.releaseAfterAccessMs,
    }),
    ...(market && { 'market.challengeWindowMs': market.challengeWindowMs }),
  };
  return [
    ...Object.entries(aboveZero).flatMap(([path, durationMs]) =>
      problems([[!isCount(durationMs) || durationMs === 0, path, 'must be whole milliseconds above zero']]),
    ),
    ...Object.entries(zeroAllowed).flatMap(([path, durationMs]) =>
      problems([[!isCount(durationMs), path, 'must be whole milliseconds, zero or more']]),
    ),
  ];
}

function feeProblems(fees: FeePolicy): PolicyProblem[] {
  const rates = {
    'fees.buyerFeeBps': fees.buyerFeeBps,
    'fees.processing.bps': fees.processing.bps,
    ...Object.fromEntries(
      Object.entries(fees.taxBpsByRegion).map(([region, bps]) => [`fees.taxBpsByRegion.${region}`, bps]),
    ),
  };
  const names = fees.commissionRules.map((rule) => rule.name);
  return [
    ...Object.entries(rates).flatMap(([path, bps]) => rateProblems(path, bps)),
    ...problems([
      [!isCount(fees.processing.minimumMinor), 'fees.processing.minimumMinor', 'must be minor units, zero or more'],
      [!isCount(fees.shipping.flatMinor), 'fees.shipping.flatMinor', 'must be minor units, zero or more'],
      [!fees.commissionRules.some(isUnconditional), 'fees.commissionRules', 'one rule must match every line'],
      [hasDuplicates(names), 'fees.commissionRules', 'a name is used twice'],
    ]),
  ];
}

function ruleProblems(rule: CommissionRule, index: number): PolicyProblem[] {
  const path = `fees.commissionRules.${index}`;
  const { sellerLevelMin = 0, vendorSubtotalMinMinor = 0, window } = rule;
  const fromMs = window ? Date.parse(window.from) : 0;
  const toMs = window ? Date.parse(window.to) : 1;
  return [
    ...rateProblems(`${path}.rateBps`, rule.rateBps),
    ...problems([
      [rule.name === '', `${path}.name`, 'a rule needs a name'],
      [!Number.isSafeInteger(rule.priority), `${path}.priority`, 'must be a whole number'],
      [!isCount(sellerLevelMin), `${path}.sellerLevelMin`, 'must be a whole number, zero or more'],
      [!isCount(vendorSubtotalMinMinor), `${path}.vendorSubtotalMinMinor`, 'must be minor units, zero or more'],
      [!(fromMs < toMs), `${path}.window`, 'must be two instants, the first before the second'],
    ]),
  ];
}

/** A default must be something the channel decides; without any outcome there are no disputes, and no defaults. */
function disputeProblems({ outcomes, appeal, onMediationSilence }: DisputePolicy): PolicyProblem[] {
  const none = outcomes.length === 0;
  const noRefund = !none && !outcomes.includes('refund');
  return problems([
    [appeal && none, 'dispute.appeal', 'an appeal needs an outcome to appeal against'],
    [hasDuplicates(outcomes), 'dispute.outcomes', 'an outcome is named twice'],
    [noRefund, 'dispute.outcomes', 'a refund must be among them: it is what silence comes to'],
    [!none && !outcomes.includes(onMediationSilence), 'dispute.onMediationSilence', 'must be one of the outcomes'],
  ]);
}

function marketProblems({ market }: Policy): PolicyProblem[] {
  if (market === null) return [];
  return [
    ...rateProblems('market.rakeBps', market.rakeBps),
    ...problems([
      [market.currency !== 'CHIP', 'market.currency', 'markets are played with chips only'],
      [market.maxOutcomes < 2, 'market.maxOutcomes', 'a question has at least two answers'],
    ]),
    ...marketCounts(market),
  ];
}

function marketCounts({ maxPointsPerUser, maxPointsOfLimited, maxOutcomes, chips }: MarketPolicy): PolicyProblem[] {
  const counts = { maxPointsPerUser, maxPointsOfLimited, maxOutcomes };
  const ofChips = Object.entries(chips).map(([name, count]) => [`chips.${name}`, count] as const);
  return [...Object.entries(counts), ...ofChips].flatMap(([path, count]) =>
    problems([[!isCount(count), `market.${path}`, 'must be a whole number, zero or more']]),
  );
}

/** More than the whole would leave a seller or a winner with less than nothing. */
function rateProblems(path: string, bps: number): PolicyProblem[] {
  return problems([[!isCount(bps) || bps > 10_000, path, 'must be whole basis points from 0 to 10,000']]);
}

function isUnconditional(rule: CommissionRule): boolean {
  const { categorySlug, sellerLevelMin, vendorSubtotalMinMinor, window } = rule;
  return [categorySlug, sellerLevelMin, vendorSubtotalMinMinor, window].every((condition) => condition === undefined);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function hasDuplicates(values: readonly string[]): boolean {
  return new Set(values).size < values.length;
}

function problems(checks: readonly (readonly [wrong: boolean, path: string, message: string])[]): PolicyProblem[] {
  return checks.flatMap(([wrong, path, message]) => (wrong ? [{ path, message }] : []));
}
