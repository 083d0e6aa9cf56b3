/** How much of a hold a dispute freezes: parts are carved out component by component, and always add up to the hold. */

import { allocate, assertMinor, scaleHalfUp, sumMinor } from '../money.ts';
import { type HoldAmounts, platformShippingOf } from '../postings/holds.ts';

/**
 * A line as it still stands in the hold, and how many of its `ofQuantity` units are contested. What an earlier dispute
 * has taken out of the line (`lineShare`) is not part of its amounts any more.
 */
export type ContestedLine = { totalMinor: number; commissionMinor: number; quantity: number; ofQuantity: number };

/** A hold in two parts that sum to it, component by component. */
export type CarvedHold = { part: HoldAmounts; rest: HoldAmounts };

/** What the contested units of a line are worth, and their commission: by the share of the units, half up. */
export function lineShare(line: ContestedLine): { itemsMinor: number; commissionMinor: number } {
  const { totalMinor, commissionMinor, quantity, ofQuantity } = line;
  if (!Number.isSafeInteger(quantity) || quantity < 1 || quantity > ofQuantity) {
    throw new RangeError(`not a number of units to contest: ${quantity} of ${ofQuantity}`);
  }
  return {
    itemsMinor: scaleHalfUp(totalMinor, quantity, ofQuantity),
    commissionMinor: scaleHalfUp(commissionMinor, quantity, ofQuantity),
  };
}

/**
 * Freezes these lines of what remains in a hold. Items and commission are the lines' own; buyer fee, processing, shipping
 * and tax follow by item value, half up. All lines that remain are all that remains. Neither part has a component below
 * zero, so both can be released, refunded or split by themselves. Throws a RangeError for no lines, for more than
 * remains, and for a hold whose components do not agree.
 */
export function carveOut(remaining: HoldAmounts, lines: readonly ContestedLine[]): CarvedHold {
  const shares = lines.map(lineShare);
  const itemsMinor = sumMinor(shares.map((share) => share.itemsMinor));
  const commissionMinor = sumMinor(shares.map((share) => share.commissionMinor));
  if (itemsMinor === 0 || itemsMinor > remaining.itemsMinor) {
    throw new RangeError(`cannot freeze items of ${itemsMinor} in a hold with items of ${remaining.itemsMinor}`);
  }
  const follow = (wholeMinor: number): number => scaleHalfUp(wholeMinor, itemsMinor, remaining.itemsMinor);
  return divide(remaining, {
    itemsMinor,
    commissionMinor,
    buyerFeeMinor: follow(remaining.buyerFeeMinor),
    processingMinor: follow(remaining.processingMinor),
    shippingMinor: follow(remaining.shippingMinor),
    taxMinor: follow(remaining.taxMinor),
  });
}

/**
 * Takes an amount that names no lines (a bank's chargeback, 1 to the hold's gross) out of what remains in a hold, from
 * each component by its share. Throws a RangeError outside that range.
 */
export function carveOutAmount(remaining: HoldAmounts, amountMinor: number): CarvedHold {
  if (assertMinor(amountMinor) < 1 || amountMinor > remaining.grossMinor) {
    throw new RangeError(`cannot take ${amountMinor} out of a hold of ${remaining.grossMinor}`);
  }
  const [itemsMinor = 0, buyerFeeMinor = 0, processingMinor = 0, shippingMinor = 0, taxMinor = 0] = allocate(
    amountMinor,
    [
      remaining.itemsMinor,
      remaining.buyerFeeMinor,
      remaining.processingMinor,
      remaining.shippingMinor,
      remaining.taxMinor,
    ],
  );
  const commissionMinor =
    remaining.itemsMinor === 0 ? 0 : scaleHalfUp(remaining.commissionMinor, itemsMinor, remaining.itemsMinor);
  return divide(remaining, { itemsMinor, commissionMinor, buyerFeeMinor, processingMinor, shippingMinor, taxMinor });
}

/** Two parts of one hold together again: a dispute was withdrawn or dismissed before the rest was settled. */
export function rejoin(part: HoldAmounts, rest: HoldAmounts): HoldAmounts {
  const add = (key: keyof HoldAmounts): number => sumMinor([part[key], rest[key]]);
  return {
    itemsMinor: add('itemsMinor'),
    commissionMinor: add('commissionMinor'),
    buyerFeeMinor: add('buyerFeeMinor'),
    processingMinor: add('processingMinor'),
    shippingMinor: add('shippingMinor'),
    taxMinor: add('taxMinor'),
    grossMinor: add('grossMinor'),
    netMinor: add('netMinor'),
  };
}

type Components = Omit<HoldAmounts, 'grossMinor' | 'netMinor'>;

function divide(remaining: HoldAmounts, wanted: Components): CarvedHold {
  const shippingToPlatform = platformShippingOf(remaining) > 0;
  const restItemsMinor = remaining.itemsMinor - wanted.itemsMinor;
  // Rounding line by line may leave a commission above its items on either side; a seller never pays to sell.
  const leastMinor = Math.max(0, remaining.commissionMinor - restItemsMinor);
  const mostMinor = Math.min(remaining.commissionMinor, wanted.itemsMinor);
  const commissionMinor = Math.min(mostMinor, Math.max(leastMinor, wanted.commissionMinor));
  const part = { ...wanted, commissionMinor };
  const rest = {
    itemsMinor: restItemsMinor,
    commissionMinor: remaining.commissionMinor - commissionMinor,
    buyerFeeMinor: remaining.buyerFeeMinor - part.buyerFeeMinor,
    processingMinor: remaining.processingMinor - part.processingMinor,
    shippingMinor: remaining.shippingMinor - part.shippingMinor,
    taxMinor: remaining.taxMinor - part.taxMinor,
  };
  return { part: totalled(part, shippingToPlatform), rest: totalled(rest, shippingToPlatform) };
}

function totalled(components: Components, shippingToPlatform: boolean): HoldAmounts {
  const { itemsMinor, commissionMinor, buyerFeeMinor, processingMinor, shippingMinor, taxMinor } = components;
  return {
    itemsMinor,
    commissionMinor,
    buyerFeeMinor,
    processingMinor,
    shippingMinor,
    taxMinor,
    grossMinor: sumMinor([itemsMinor, buyerFeeMinor, processingMinor, shippingMinor, taxMinor]),
    netMinor: itemsMinor - commissionMinor + (shippingToPlatform ? 0 : shippingMinor),
  };
}
