/** What the domain's tests share. */

import fc from 'fast-check';
import { DomainError } from '../../domain/domain-error.ts';
import type { ErrorCode } from '../../domain/error-codes.ts';
import { type OrderLine, type PricedOrder, type PriceInput, priceOrder } from '../../domain/fees.ts';
import { FULFILMENTS } from '../../domain/order.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { PRESETS } from '../../domain/policy/presets.ts';

/** The code an action is refused with; throws where it is not refused, or fails with something else. */
export function refusal(action: () => unknown): ErrorCode {
  try {
    action();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
  throw new Error('expected a refusal');
}

/** Pricing input of lines that differ only in what a test says. */
export function line(overrides: Partial<OrderLine> = {}): OrderLine {
  return {
    key: 'line',
    vendorKey: 'shop',
    sellerLevel: 1,
    categorySlug: null,
    kind: 'physical',
    unitPriceMinor: 1_000,
    quantity: 1,
    ...overrides,
  };
}

/** Prices lines with a preset's policy, outside every promotion and tax region unless told. */
export function price(policy: Policy, lines: OrderLine[], more: Partial<PriceInput> = {}): PricedOrder {
  return priceOrder(policy, { lines, region: null, at: '2026-01-15T12:00:00Z', ...more });
}

/** Any valid policy's fees in place of a preset's. */
export const anyPolicy: fc.Arbitrary<Policy> = fc
  .record({
    commissionRules: fc.array(
      fc.record({
        priority: fc.integer({ min: 1, max: 3 }),
        rateBps: fc.nat(10_000),
        sellerLevelMin: fc.option(fc.nat(3), { nil: undefined }),
        vendorSubtotalMinMinor: fc.option(fc.nat(100_000), { nil: undefined }),
      }),
      { maxLength: 3 },
    ),
    defaultBps: fc.nat(10_000),
    buyerFeeBps: fc.nat(10_000),
    processing: fc.record({ bps: fc.nat(10_000), minimumMinor: fc.nat(1_000) }),
    shipping: fc.record({ flatMinor: fc.nat(5_000), to: fc.constantFrom('platform', 'seller') }),
    taxBps: fc.nat(10_000),
  })
  .map(({ commissionRules, defaultBps, taxBps, ...fees }) => {
    const rules = commissionRules.map((rule, index) => ({ name: `rule-${index}`, ...rule }));
    return {
      ...PRESETS['multi-vendor'].policy,
      fees: {
        ...fees,
        commissionRules: [{ name: 'default', priority: 0, rateBps: defaultBps }, ...rules],
        taxBpsByRegion: { default: taxBps },
      },
    };
  });

/** Any order's lines: a few shops, physical and digital goods mixed, prices from one minor unit up. */
export const anyLines: fc.Arbitrary<OrderLine[]> = fc
  .array(
    fc.record({
      vendorKey: fc.constantFrom('shop-a', 'shop-b', 'shop-c'),
      sellerLevel: fc.nat(3),
      categorySlug: fc.constantFrom(null, 'electronics'),
      kind: fc.constantFrom(...FULFILMENTS),
      unitPriceMinor: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 1_000_000 })),
      quantity: fc.integer({ min: 1, max: 20 }),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((lines) => lines.map((each, index) => ({ key: `line-${index}`, ...each })));
