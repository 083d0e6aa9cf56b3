/** What the tests of journals share: ids, inputs, holds, and sums over journals. */

import fc from 'fast-check';
import { PRESETS } from '../../../domain/policy/presets.ts';
import { type HoldAmounts, holdRefunded, holdSplit, type Journal } from '../../../domain/postings.ts';
import { anyLines, anyPolicy, line, price } from '../support.ts';

const ID = '00000000000000000000000001';
export const orderId = `ord_${ID}` as const;
export const paymentId = `pay_${ID}` as const;
export const payoutId = `po_${ID}` as const;
export const escrowId = `esc_${ID}` as const;
export const otherEscrowId = 'esc_00000000000000000000000002';
export const buyerId = `usr_${ID}` as const;
export const sellerId = 'usr_00000000000000000000000002' as const;
export const order = { orderId, paymentId, provider: 'stripe', currency: 'EUR' } as const;
export const hold = { escrowId, orderId, currency: 'EUR' } as const;
export const claim = { ...hold, provider: 'stripe', amountMinor: 900, reference: 'du_1' } as const;
export const payout = { payoutId, userId: sellerId, currency: 'EUR', amountMinor: 700 } as const;
export const holds = [
  { escrowId, grossMinor: 8_470 },
  { escrowId: otherEscrowId, grossMinor: 3_630 },
] as const;

export const amountsOf = (journal: Journal): Record<string, number> =>
  Object.fromEntries(journal.lines.map((each) => [each.account, each.amountMinor]));

/** Balances after all of these, zeros left out. */
export function balancesAfter(journals: readonly Journal[]): Record<string, number> {
  const balances: Record<string, number> = {};
  for (const { account, amountMinor } of journals.flatMap((each) => each.lines)) {
    balances[account] = (balances[account] ?? 0) + amountMinor;
  }
  return Object.fromEntries(Object.entries(balances).filter(([, balanceMinor]) => balanceMinor !== 0));
}

export const fliiplyHold = (unitPriceMinor = 10_000): HoldAmounts => {
  const [vendor] = price(PRESETS.fliiply.policy, [line({ unitPriceMinor })]).vendors;
  if (vendor === undefined) throw new Error('one line makes one vendor order');
  return vendor;
};

/** Any vendor order that pricing can produce. */
export const anyHold: fc.Arbitrary<HoldAmounts> = fc
  .tuple(anyPolicy, anyLines, fc.nat())
  .map(([policy, lines, pick]) => {
    const { vendors } = price(policy, lines);
    return vendors[pick % vendors.length] ?? fliiplyHold();
  });

export const anyHoldAndPart = anyHold.chain((amounts) => fc.tuple(fc.constant(amounts), fc.nat(amounts.grossMinor)));

export const split = (amounts: HoldAmounts, buyerMinor: number): Journal =>
  holdSplit({ ...hold, sellerId, buyerId, provider: 'stripe', amounts, buyerMinor });
export const refund = (grossMinor: number, authorisedOnly = false): Journal =>
  holdRefunded({ ...hold, buyerId, provider: 'stripe', authorisedOnly, grossMinor, externalRef: 're_1' });
