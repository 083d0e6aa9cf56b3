/** What an order costs, who pays which fee, and how much of it each vendor order's hold contains. */

import { chooseCommissionRule } from './commission.ts';
import { DomainError } from './domain-error.ts';
import { allocate, applyBps, sumMinor } from './money.ts';
import type { Fulfilment } from './order.ts';
import type { FeePolicy, Policy } from './policy/policy.ts';

/** One line of a cart. `key` comes back in the priced line; `vendorKey` is the shop's id. */
export type OrderLine = {
  key: string;
  vendorKey: string;
  sellerLevel: number;
  categorySlug: string | null;
  kind: Fulfilment;
  unitPriceMinor: number;
  quantity: number;
};

/** `region` is a key of the policy's tax table (ISO 3166-2), or null; `at` the instant of placing, RFC 3339. */
export type PriceInput = { lines: readonly OrderLine[]; region: string | null; at: string };

export type PricedLine = {
  key: string;
  totalMinor: number;
  commissionBps: number;
  commissionMinor: number;
  commissionRule: string;
};

/** What the buyer pays, in its parts: of an order, or of one vendor order. */
type BuyerParts = {
  itemsMinor: number;
  buyerFeeMinor: number;
  processingMinor: number;
  shippingMinor: number;
  taxMinor: number;
};

/**
 * `grossMinor` is this vendor order's share of the order's total, and what its hold contains: the sum of its parts.
 * `netMinor` is what the seller gets at full release: items less commission, plus shipping where the policy says so.
 */
export type PricedVendor = BuyerParts & {
  vendorKey: string;
  fulfilment: Fulfilment;
  commissionMinor: number;
  grossMinor: number;
  netMinor: number;
  lines: PricedLine[];
};

export type PricedOrder = BuyerParts & { totalMinor: number; vendors: PricedVendor[] };

/**
 * Prices an order by its policy. All amounts are in the policy's currency.
 *
 * Commission is per line, half up, on items only; a rule's vendor subtotal counts all of the shop's lines. What the
 * buyer pays on top is computed once on the order's items and then allocated by item value, so that it does not depend
 * on how many vendors there are; shipping goes to physical goods only. A shop with both physical and digital lines
 * gets two vendor orders, one of each, because a hold has one set of clocks. Vendor orders come in the order of
 * their first lines. Fails with amount_out_of_range for a price or quantity below 1 and for a total beyond a safe integer.
 */
export function priceOrder(policy: Policy, input: PriceInput): PricedOrder {
  const { fees } = policy;
  const groups = groupLines(input.lines);
  const items = groups.map((group) => totalOf(group.lines));
  const physicalItems = groups.map((group, index) => (group.fulfilment === 'physical' ? (items[index] ?? 0) : 0));
  const itemsMinor = sumInRange(items);
  const hasPhysical = physicalItems.some((amountMinor) => amountMinor > 0);
  const order: BuyerParts = {
    itemsMinor,
    buyerFeeMinor: applyBps(itemsMinor, fees.buyerFeeBps),
    processingMinor: Math.max(applyBps(itemsMinor, fees.processing.bps), fees.processing.minimumMinor),
    shippingMinor: hasPhysical ? fees.shipping.flatMinor : 0,
    taxMinor: applyBps(itemsMinor, taxBps(fees, input.region)),
  };
  const totalMinor = sumInRange(Object.values(order));
  const buyerFees = allocate(order.buyerFeeMinor, items);
  const processing = allocate(order.processingMinor, items);
  const shipping = allocate(order.shippingMinor, hasPhysical ? physicalItems : items);
  const taxes = allocate(order.taxMinor, items);
  const vendors = groups.map((group, index) =>
    priceVendor(fees, group, pricedLines(fees, group, input), {
      itemsMinor: items[index] ?? 0,
      buyerFeeMinor: buyerFees[index] ?? 0,
      processingMinor: processing[index] ?? 0,
      shippingMinor: shipping[index] ?? 0,
      taxMinor: taxes[index] ?? 0,
    }),
  );
  return { ...order, totalMinor, vendors };
}

type LineGroup = { vendorKey: string; fulfilment: Fulfilment; lines: OrderLine[] };

function groupLines(lines: readonly OrderLine[]): LineGroup[] {
  const groups: LineGroup[] = [];
  for (const line of lines) {
    const group = groups.find((each) => each.vendorKey === line.vendorKey && each.fulfilment === line.kind);
    if (group) group.lines.push(line);
    else groups.push({ vendorKey: line.vendorKey, fulfilment: line.kind, lines: [line] });
  }
  return groups;
}

function pricedLines(fees: FeePolicy, group: LineGroup, { lines, at }: PriceInput): PricedLine[] {
  const vendorSubtotalMinor = totalOf(lines.filter((line) => line.vendorKey === group.vendorKey));
  return group.lines.map((line) => {
    const { categorySlug, sellerLevel } = line;
    const rule = chooseCommissionRule(fees.commissionRules, { categorySlug, sellerLevel, vendorSubtotalMinor, at });
    const totalMinor = totalOf([line]);
    const commissionMinor = applyBps(totalMinor, rule.rateBps);
    return { key: line.key, totalMinor, commissionBps: rule.rateBps, commissionMinor, commissionRule: rule.name };
  });
}

function priceVendor(fees: FeePolicy, group: LineGroup, lines: PricedLine[], parts: BuyerParts): PricedVendor {
  const commissionMinor = sumMinor(lines.map((line) => line.commissionMinor));
  const shippingToSellerMinor = fees.shipping.to === 'seller' ? parts.shippingMinor : 0;
  return {
    vendorKey: group.vendorKey,
    fulfilment: group.fulfilment,
    ...parts,
    commissionMinor,
    grossMinor: sumMinor(Object.values(parts)),
    netMinor: parts.itemsMinor - commissionMinor + shippingToSellerMinor,
    lines,
  };
}

function taxBps({ taxBpsByRegion }: FeePolicy, region: string | null): number {
  const key = region !== null && Object.hasOwn(taxBpsByRegion, region) ? region : 'default';
  return taxBpsByRegion[key] ?? 0;
}

function totalOf(lines: readonly OrderLine[]): number {
  for (const { unitPriceMinor, quantity } of lines) {
    if (!isPositive(unitPriceMinor) || !isPositive(quantity)) {
      throw new DomainError(
        'amount_out_of_range',
        `not a price and quantity to sell at: ${unitPriceMinor} × ${quantity}`,
      );
    }
  }
  return inRange(lines.reduce((sum, line) => sum + BigInt(line.unitPriceMinor) * BigInt(line.quantity), 0n));
}

function sumInRange(amountsMinor: readonly number[]): number {
  return inRange(amountsMinor.reduce((sum, amountMinor) => sum + BigInt(amountMinor), 0n));
}

function inRange(amountMinor: bigint): number {
  if (amountMinor < 1n || amountMinor > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new DomainError('amount_out_of_range', `the order's amount is out of range: ${amountMinor}`);
  }
  return Number(amountMinor);
}

function isPositive(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}
