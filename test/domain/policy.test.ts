/** Policies: the five presets, what makes a policy runnable, and running it faster than life. */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/durations.ts';
import { type MarketPolicy, type Policy, PRESET_NAMES, scalePolicyDurations } from '../../domain/policy/policy.ts';
import { withPromotion } from '../../domain/policy/presets/escrow-platform.ts';
import { PRESETS } from '../../domain/policy/presets.ts';
import { validatePolicy } from '../../domain/policy/validate-policy.ts';
import { anyPolicy } from './support.ts';

/** Every duration of a policy by its path. */
function durations(value: unknown, path = ''): [string, number][] {
  if (typeof value === 'number') return path.endsWith('Ms') ? [[path, value]] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => durations(inner, path === '' ? key : `${path}.${key}`));
}

describe.each(PRESET_NAMES)('the preset %s', (name) => {
  const preset = PRESETS[name];

  it('is named as it is kept, and can be run', () => {
    expect([preset.name, preset.policy.preset]).toEqual([name, name]);
    expect(validatePolicy(preset.policy)).toEqual([]);
  });

  it('survives being stored as JSON', () => {
    expect(JSON.parse(JSON.stringify(preset))).toEqual(preset);
  });

  it('gives half an hour to pay and captures half a day before an authorisation ends', () => {
    expect(preset.policy.payment.windowMs).toBe(30 * MINUTE_MS);
    expect(preset.policy.hold.captureBeforeExpiryMs).toBe(12 * HOUR_MS);
  });
});

describe('the presets', () => {
  it('that sell goods have the deadlines of the design', () => {
    const days = (['pi-market', 'multi-vendor', 'fliiply', 'escrow-platform'] as const).map((name) => {
      const { hold, digital } = PRESETS[name].policy;
      return [name, hold.shipWithinMs, hold.deliveredAfterMs, hold.autoReleaseMs, digital?.releaseAfterMs ?? null];
    });
    expect(days).toEqual([
      ['pi-market', 7 * DAY_MS, 14 * DAY_MS, 3 * DAY_MS, 0],
      ['multi-vendor', 5 * DAY_MS, 14 * DAY_MS, 7 * DAY_MS, 0],
      ['fliiply', 5 * DAY_MS, 21 * DAY_MS, 3 * DAY_MS, null],
      ['escrow-platform', 7 * DAY_MS, 14 * DAY_MS, 7 * DAY_MS, 7 * DAY_MS],
    ]);
    expect(PRESETS['escrow-platform'].policy.digital?.releaseAfterAccessMs).toBe(24 * HOUR_MS);
  });

  it('have the currencies, captures, carts and payouts of the design', () => {
    expect(
      PRESET_NAMES.map((name) => {
        const { currency, cart, payment, payout } = PRESETS[name].policy;
        return [name, currency, cart.vendors, payment.providers.join('+'), payment.capture, payout.mode];
      }),
    ).toEqual([
      ['pi-market', 'USD', 'one', 'stripe+pi', 'on_release', 'per_release'],
      ['multi-vendor', 'USD', 'many', 'stripe', 'at_once', 'batched_weekly'],
      ['fliiply', 'EUR', 'many', 'stripe', 'at_once', 'per_release'],
      ['escrow-platform', 'USD', 'many', 'stripe+wallet', 'at_once', 'on_request'],
      ['pilimarket', 'PHP', 'one', 'stripe+gcash+paymaya', 'at_once', 'per_release'],
    ]);
  });

  it('have the token lifetimes of the design', () => {
    expect(
      PRESET_NAMES.map((name) => [PRESETS[name].settings.accessTokenMinutes, PRESETS[name].settings.refreshTokenDays]),
    ).toEqual([
      [60, 7],
      [15, 7],
      [60, 1],
      [15, 7],
      [15, 7],
    ]);
  });
});

describe('a promotion', () => {
  const base = PRESETS['escrow-platform'].policy;
  const january = { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' };
  const march = { from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' };

  it('is not active in the preset, and is a valid rule once given', () => {
    expect(base.fees.commissionRules.some((rule) => rule.window)).toBe(false);
    expect(validatePolicy(withPromotion(base, january))).toEqual([]);
  });

  it('replaces the one before it, and leaves the policy it was given alone', () => {
    const twice = withPromotion(withPromotion(base, january), march);
    expect(twice.fees.commissionRules.filter((rule) => rule.window)).toEqual([
      { name: 'promotion', priority: 40, rateBps: 300, window: march },
    ]);
    expect(base.fees.commissionRules).toHaveLength(4);
  });
});

describe('validatePolicy', () => {
  const base = PRESETS['escrow-platform'].policy;
  const withFees = (fees: Partial<Policy['fees']>): Policy => ({ ...base, fees: { ...base.fees, ...fees } });
  const rule = { name: 'default', priority: 0, rateBps: 100 };
  const market = { ...PRESETS.pilimarket.policy.market, challengeWindowMs: 0 } as MarketPolicy;

  it.each<[string, Policy, string[]]>([
    ['capture on release for many shops', { ...PRESETS['pi-market'].policy, cart: base.cart }, ['cart.vendors']],
    [
      'capture on release from a wallet',
      { ...base, cart: { vendors: 'one', reservationMs: 0 }, payment: { ...base.payment, capture: 'on_release' } },
      ['payment.providers'],
    ],
    ['no provider', { ...base, payment: { ...base.payment, providers: [] } }, ['payment.providers']],
    ['a provider twice', { ...base, payment: { ...base.payment, providers: ['pi', 'pi'] } }, ['payment.providers']],
    ['goods for chips', { ...base, currency: 'CHIP' }, ['currency']],
    ['an appeal against nothing', { ...base, dispute: { ...base.dispute, outcomes: [] } }, ['dispute.appeal']],
    ['no time to pay', { ...base, payment: { ...base.payment, windowMs: 0 } }, ['payment.windowMs']],
    ['no time to ship', { ...base, hold: { ...base.hold, shipWithinMs: 0 } }, ['hold.shipWithinMs']],
    ['half a millisecond', { ...base, hold: { ...base.hold, autoReleaseMs: 0.5 } }, ['hold.autoReleaseMs']],
    [
      'time that runs backwards',
      { ...base, digital: { releaseAfterMs: -1, releaseAfterAccessMs: 0 } },
      ['digital.releaseAfterMs'],
    ],
    ['more than the whole', withFees({ buyerFeeBps: 10_001 }), ['fees.buyerFeeBps']],
    ['a negative tax', withFees({ taxBpsByRegion: { 'US-CA': -1 } }), ['fees.taxBpsByRegion.US-CA']],
    ['negative shipping', withFees({ shipping: { flatMinor: -1, to: 'seller' } }), ['fees.shipping.flatMinor']],
    ['lines without a commission', withFees({ commissionRules: [] }), ['fees.commissionRules']],
    [
      'lines only some of which have a commission',
      withFees({ commissionRules: [{ ...rule, categorySlug: 'books' }] }),
      ['fees.commissionRules'],
    ],
    ['a name used twice', withFees({ commissionRules: [rule, rule] }), ['fees.commissionRules']],
    [
      'a window that ends before it begins',
      withFees({
        commissionRules: [rule, { ...rule, name: 'sale', window: { from: '2026-02-01', to: '2026-01-01' } }],
      }),
      ['fees.commissionRules.1.window'],
    ],
    [
      'a window that is no time at all',
      withFees({ commissionRules: [rule, { ...rule, name: 'sale', window: { from: 'soon', to: 'later' } }] }),
      ['fees.commissionRules.1.window'],
    ],
    [
      'a commission above the price',
      withFees({ commissionRules: [{ ...rule, rateBps: 12_000 }] }),
      ['fees.commissionRules.0.rateBps'],
    ],
    ['a market for money', { ...base, market: { ...market, currency: 'USD' } }, ['market.currency']],
    ['a market nobody resolves', { ...base, market: { ...market, resolveByMs: 0 } }, ['market.resolveByMs']],
  ])('refuses %s', (_what, policy, paths) => {
    expect(validatePolicy(policy).map((problem) => problem.path)).toEqual(paths);
  });

  it('names every problem at once', () => {
    const policy: Policy = { ...withFees({ buyerFeeBps: -1, commissionRules: [] }), currency: 'CHIP' };
    expect(validatePolicy(policy)).toHaveLength(3);
  });

  it('accepts the policies the property tests use', () => {
    fc.assert(fc.property(anyPolicy, (policy) => expect(validatePolicy(policy)).toEqual([])));
  });
});

describe('scalePolicyDurations', () => {
  it.each(PRESET_NAMES)('scales every duration of %s, never below the floor, zero stays zero', (name) => {
    const { policy } = PRESETS[name];
    const before = durations(policy);
    const after = new Map(durations(scalePolicyDurations(policy, 86_400)));
    expect([...after.keys()]).toEqual(before.map(([path]) => path));
    for (const [path, durationMs] of before) {
      expect(after.get(path)).toBe(durationMs === 0 ? 0 : Math.max(5_000, durationMs / 86_400));
    }
  });

  it('changes nothing else, and nothing at all at scale one', () => {
    const { policy } = PRESETS.fliiply;
    const scaled = scalePolicyDurations(policy, 1_000);
    expect(scalePolicyDurations(policy, 1)).toBe(policy);
    expect([scaled.fees, scaled.payout]).toEqual([policy.fees, policy.payout]);
    expect(validatePolicy(scaled)).toEqual([]);
  });

  it('keeps the order of a policy’s durations and never lengthens one', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PRESET_NAMES), fc.double({ min: 1, max: 1e9, noNaN: true }), (name, scale) => {
        const before = durations(PRESETS[name].policy).toSorted(([, a], [, b]) => a - b);
        const after = new Map(durations(scalePolicyDurations(PRESETS[name].policy, scale)));
        const inOrder = before.map(([path]) => after.get(path) ?? Number.NaN);
        expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b));
        for (const [path, durationMs] of before) expect(after.get(path)).toBeLessThanOrEqual(durationMs);
      }),
    );
  });

  it('leaves a duration under the floor as it is', () => {
    const { policy } = PRESETS.fliiply;
    const quick = { ...policy, payment: { ...policy.payment, windowMs: 2_000 } };
    expect(scalePolicyDurations(quick, 10).payment.windowMs).toBe(2_000);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses the scale %d', (scale) => {
    expect(() => scalePolicyDurations(PRESETS.fliiply.policy, scale)).toThrow(RangeError);
  });
});
