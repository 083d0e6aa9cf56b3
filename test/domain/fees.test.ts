/** Prices: the worked examples of the design, and what holds for every order. */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chooseCommissionRule } from '../../domain/commission.ts';
import { applyBps, sumMinor } from '../../domain/money.ts';
import { withPromotion } from '../../domain/policy/presets/escrow-platform.ts';
import { PRESETS } from '../../domain/policy/presets.ts';
import { anyLines, anyPolicy, line, price, refusal } from './support.ts';

const MULTI_VENDOR = PRESETS['multi-vendor'].policy;
const FLIIPLY = PRESETS.fliiply.policy;
const ESCROW_PLATFORM = PRESETS['escrow-platform'].policy;

describe('the worked examples', () => {
  it('1: multi-vendor, items of 60.00 and 40.00 from two shops', () => {
    const order = price(MULTI_VENDOR, [
      line({ vendorKey: 'a', unitPriceMinor: 6_000 }),
      line({ vendorKey: 'b', unitPriceMinor: 4_000 }),
    ]);
    expect(order.totalMinor).toBe(10_000);
    expect(order.vendors.map((vendor) => [vendor.grossMinor, vendor.commissionMinor, vendor.netMinor])).toEqual([
      [6_000, 600, 5_400],
      [4_000, 400, 3_600],
    ]);
  });

  it.each([
    [10_000, 500, 600, 12_100, 9_500],
    [2_000, 100, 500, 3_600, 1_900],
  ])('2: fliiply, base %d', (unitPriceMinor, buyerFeeMinor, processingMinor, totalMinor, netMinor) => {
    const order = price(FLIIPLY, [line({ unitPriceMinor })]);
    expect(order).toMatchObject({ buyerFeeMinor, processingMinor, shippingMinor: 1_000, taxMinor: 0, totalMinor });
    expect(order.vendors).toMatchObject([{ grossMinor: totalMinor, netMinor }]);
  });

  it('2: fliiply, two sellers of 70.00 and 30.00 share the fees of 100.00', () => {
    const order = price(FLIIPLY, [
      line({ vendorKey: 'a', unitPriceMinor: 7_000 }),
      line({ vendorKey: 'b', unitPriceMinor: 3_000 }),
    ]);
    expect(order.totalMinor).toBe(12_100);
    expect(order.vendors.map((vendor) => vendor.grossMinor)).toEqual([8_470, 3_630]);
  });

  const inPromotion = withPromotion(ESCROW_PLATFORM, { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' });
  it.each([
    ['electronics of 500.00 from a level-1 seller', ESCROW_PLATFORM, 50_000, 1, 4_000, 'electronics'],
    ['the same from a level-2 seller', ESCROW_PLATFORM, 50_000, 2, 3_500, 'trusted-seller'],
    ['1,200.00', ESCROW_PLATFORM, 120_000, 1, 6_000, 'large-order'],
    ['1,200.00 in a promotion', inPromotion, 120_000, 1, 3_600, 'promotion'],
  ] as const)(
    '3: escrow-platform, %s',
    (_what, policy, unitPriceMinor, sellerLevel, commissionMinor, commissionRule) => {
      const order = price(policy, [line({ unitPriceMinor, sellerLevel, categorySlug: 'electronics' })]);
      expect(order.vendors[0]?.lines).toMatchObject([{ commissionMinor, commissionRule }]);
      expect(order.totalMinor).toBe(unitPriceMinor);
    },
  );
});

describe('commission rules', () => {
  const rules = withPromotion(ESCROW_PLATFORM, { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' }).fees
    .commissionRules;
  const facts = { categorySlug: null, sellerLevel: 1, vendorSubtotalMinor: 0, at: '2026-03-01T00:00:00Z' };

  it.each([
    [{}, 'default'],
    [{ categorySlug: 'books' }, 'default'],
    [{ sellerLevel: 3 }, 'trusted-seller'],
    [{ vendorSubtotalMinor: 99_999 }, 'default'],
    [{ vendorSubtotalMinor: 100_000 }, 'large-order'],
    [{ at: '2025-12-31T23:59:59.999Z' }, 'default'],
    [{ at: '2026-01-01T00:00:00Z' }, 'promotion'],
    [{ at: '2026-01-31T23:59:59.999Z' }, 'promotion'],
    [{ at: '2026-02-01T00:00:00Z' }, 'default'],
    [{ at: '2026-02-01T00:30:00+01:00' }, 'promotion'],
  ])('for %j apply "%s"', (changes, expected) => {
    expect(chooseCommissionRule(rules, { ...facts, ...changes }).name).toBe(expected);
  });

  it('of the same priority give way to the lower rate, in whatever order they stand', () => {
    const dear = { name: 'dear', priority: 5, rateBps: 900 };
    const cheap = { name: 'cheap', priority: 5, rateBps: 800 };
    expect(chooseCommissionRule([dear, cheap], facts).name).toBe('cheap');
    expect(chooseCommissionRule([cheap, dear], facts).name).toBe('cheap');
  });

  it('must include one that matches', () => {
    expect(() => chooseCommissionRule([], facts)).toThrow(RangeError);
  });

  it('count all of a shop’s lines, physical and digital, in its subtotal', () => {
    const order = price(ESCROW_PLATFORM, [
      line({ unitPriceMinor: 60_000 }),
      line({ unitPriceMinor: 40_000, kind: 'digital' }),
      line({ vendorKey: 'other', unitPriceMinor: 60_000 }),
    ]);
    expect(order.vendors.map((vendor) => vendor.lines[0]?.commissionRule)).toEqual([
      'large-order',
      'large-order',
      'default',
    ]);
  });

  it('are rounded half up per line, not per order', () => {
    const order = price(MULTI_VENDOR, [line({ unitPriceMinor: 5 }), line({ unitPriceMinor: 5 })]);
    expect(order.vendors[0]).toMatchObject({ commissionMinor: 2, netMinor: 8 });
  });
});

describe('shipping', () => {
  const toSeller = {
    ...ESCROW_PLATFORM,
    fees: { ...ESCROW_PLATFORM.fees, shipping: { flatMinor: 900, to: 'seller' as const } },
  };

  it('is not paid for digital goods only', () => {
    const order = price(FLIIPLY, [line({ kind: 'digital' })]);
    expect(order.shippingMinor).toBe(0);
    expect(order.vendors[0]?.shippingMinor).toBe(0);
  });

  it('is shared by item value among the vendors of physical goods', () => {
    const order = price(FLIIPLY, [
      line({ vendorKey: 'a', unitPriceMinor: 2_000 }),
      line({ vendorKey: 'b', unitPriceMinor: 50_000, kind: 'digital' }),
      line({ vendorKey: 'c', unitPriceMinor: 6_000 }),
    ]);
    expect(order.vendors.map((vendor) => vendor.shippingMinor)).toEqual([250, 0, 750]);
  });

  it('goes to the seller where the policy says so', () => {
    expect(price(toSeller, [line({ unitPriceMinor: 10_000 })]).vendors[0]).toMatchObject({
      shippingMinor: 900,
      grossMinor: 10_900,
      netMinor: 9_900,
    });
  });
});

describe('tax', () => {
  it.each([
    ['US-CA', 725],
    ['US-ZZ', 0],
    [null, 0],
    ['constructor', 0],
  ])('in region %s on items of 100.00 is %d', (region, taxMinor) => {
    expect(price(ESCROW_PLATFORM, [line({ unitPriceMinor: 10_000 })], { region })).toMatchObject({
      taxMinor,
      totalMinor: 10_000 + taxMinor,
    });
  });
});

describe('a shop with physical and digital lines', () => {
  it('gets one vendor order of each, in the order of their first lines', () => {
    const { vendors } = price(MULTI_VENDOR, [
      line({ key: '1', vendorKey: 'a', kind: 'digital' }),
      line({ key: '2', vendorKey: 'b' }),
      line({ key: '3', vendorKey: 'a' }),
      line({ key: '4', vendorKey: 'a', kind: 'digital' }),
    ]);
    expect(
      vendors.map((vendor) => [vendor.vendorKey, vendor.fulfilment, ...vendor.lines.map((each) => each.key)]),
    ).toEqual([
      ['a', 'digital', '1', '4'],
      ['b', 'physical', '2'],
      ['a', 'physical', '3'],
    ]);
  });
});

describe('amounts out of range', () => {
  it.each([
    [[]],
    [[line({ unitPriceMinor: 0 })]],
    [[line({ unitPriceMinor: -1 })]],
    [[line({ unitPriceMinor: 0.5 })]],
    [[line({ unitPriceMinor: Number.NaN })]],
    [[line({ quantity: 0 })]],
    [[line({ quantity: 1.5 })]],
    [[line(), line({ quantity: -1 })]],
    [[line({ unitPriceMinor: Number.MAX_SAFE_INTEGER, quantity: 2 })]],
    [[line({ unitPriceMinor: Number.MAX_SAFE_INTEGER }), line({ vendorKey: 'b' })]],
    [[line({ unitPriceMinor: Number.MAX_SAFE_INTEGER })]],
  ])('are refused: case %#', (lines) => {
    expect(refusal(() => price(FLIIPLY, lines))).toBe('amount_out_of_range');
  });

  it('do not include the largest safe total', () => {
    const order = price(MULTI_VENDOR, [line({ unitPriceMinor: Number.MAX_SAFE_INTEGER })]);
    expect(order.totalMinor).toBe(Number.MAX_SAFE_INTEGER);
  });
});

describe('every order', () => {
  const parts = ['itemsMinor', 'buyerFeeMinor', 'processingMinor', 'shippingMinor', 'taxMinor'] as const;

  it('divides its total and each part of it among its vendor orders without a remainder', () => {
    fc.assert(
      fc.property(anyPolicy, anyLines, (policy, lines) => {
        const order = price(policy, lines);
        expect(sumMinor(order.vendors.map((vendor) => vendor.grossMinor))).toBe(order.totalMinor);
        expect(sumMinor(parts.map((part) => order[part]))).toBe(order.totalMinor);
        for (const part of parts) expect(sumMinor(order.vendors.map((vendor) => vendor[part]))).toBe(order[part]);
      }),
    );
  });

  it('gives the seller the items less commission, plus the shipping that is the seller’s', () => {
    fc.assert(
      fc.property(anyPolicy, anyLines, (policy, lines) => {
        for (const vendor of price(policy, lines).vendors) {
          const shippingMinor = policy.fees.shipping.to === 'seller' ? vendor.shippingMinor : 0;
          expect(vendor.netMinor + vendor.commissionMinor).toBe(vendor.itemsMinor + shippingMinor);
          expect(sumMinor(parts.map((part) => vendor[part]))).toBe(vendor.grossMinor);
        }
      }),
    );
  });

  it('has no amount below zero, and holds above zero', () => {
    fc.assert(
      fc.property(anyPolicy, anyLines, (policy, lines) => {
        const { vendors, ...order } = price(policy, lines);
        for (const amountMinor of Object.values(order)) expect(amountMinor).toBeGreaterThanOrEqual(0);
        for (const vendor of vendors) {
          expect(vendor.grossMinor).toBeGreaterThan(0);
          for (const key of [...parts, 'commissionMinor', 'netMinor'] as const) {
            expect(vendor[key]).toBeGreaterThanOrEqual(0);
          }
        }
      }),
    );
  });

  it('keeps every line once, with its commission at its rule’s rate', () => {
    fc.assert(
      fc.property(anyPolicy, anyLines, (policy, lines) => {
        const { vendors } = price(policy, lines);
        const priced = vendors.flatMap((vendor) => vendor.lines);
        expect(priced.map((each) => each.key).toSorted()).toEqual(lines.map((each) => each.key).toSorted());
        for (const each of priced) {
          const source = lines.find((candidate) => candidate.key === each.key) ?? line();
          const rule = policy.fees.commissionRules.find((candidate) => candidate.name === each.commissionRule);
          expect(each.totalMinor).toBe(source.unitPriceMinor * source.quantity);
          expect(each.commissionBps).toBe(rule?.rateBps);
          expect(each.commissionMinor).toBe(applyBps(each.totalMinor, each.commissionBps));
        }
        for (const vendor of vendors) {
          expect(sumMinor(vendor.lines.map((each) => each.totalMinor))).toBe(vendor.itemsMinor);
          expect(sumMinor(vendor.lines.map((each) => each.commissionMinor))).toBe(vendor.commissionMinor);
        }
      }),
    );
  });

  it('costs the same however its lines are divided among shops', () => {
    fc.assert(
      fc.property(anyPolicy, anyLines, (policy, lines) => {
        const together = price(
          policy,
          lines.map((each) => ({ ...each, vendorKey: 'one' })),
        );
        expect(together.totalMinor).toBe(price(policy, lines).totalMinor);
      }),
    );
  });
});
