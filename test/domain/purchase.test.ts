/** What may be bought of chips, and how many go when money goes back. */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DomainError } from '../../domain/domain-error.ts';
import { PRESETS } from '../../domain/policy/presets.ts';
import {
  assertMayBuy,
  type BoughtBefore,
  CENTAVOS_PER_CHIP,
  chipsToTakeBack,
  explainPurchase,
  type GoneBack,
} from '../../domain/purchase.ts';

const { market } = PRESETS.pilimarket.policy;
if (!market) throw new Error('pilimarket has markets');
const policy = market.chips;
const NOTHING: BoughtBefore = { chipsOfDay: 0, chipsOfMonth: 0, begunThisHour: 0 };

const refusal = (chips: number, before: Partial<BoughtBefore> = {}, limited = false): string | null => {
  try {
    assertMayBuy(policy, { ...NOTHING, ...before }, chips, limited);
    return null;
  } catch (error) {
    return error instanceof DomainError ? error.code : String(error);
  }
};

describe('a purchase', () => {
  it('is of whole chips, from the smallest to a whole day’s', () => {
    for (const chips of [20, 10_000]) expect(refusal(chips)).toBeNull();
    for (const chips of [0, -20, 19, 20.5, 10_001, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60])
      expect(refusal(chips)).toBe('chips_out_of_range');
  });

  it('reaches each limit to the chip and not beyond', () => {
    expect(refusal(20, { chipsOfDay: 9_980, chipsOfMonth: 49_980, begunThisHour: 4 })).toBeNull();
    expect(refusal(21, { chipsOfDay: 9_980 })).toBe('purchase_limit_reached');
    expect(refusal(21, { chipsOfMonth: 49_980 })).toBe('purchase_limit_reached');
    expect(refusal(20, { begunThisHour: 5 })).toBe('purchase_limit_reached');
    expect(refusal(20, {}, true)).toBe('purchase_limit_reached');
  });

  it('says what comes next by itself while it waits for its money, and nothing after that', () => {
    const at = '2026-03-01T12:00:00.000Z';
    expect(explainPurchase('pending', at)).toMatchObject({
      next: { kind: 'fail', at },
      canChange: [{ by: 'buyer', move: 'pay' }],
    });
    for (const status of ['completed', 'failed', 'refunded'] as const)
      expect(explainPurchase(status, at)).toMatchObject({ next: { kind: 'none', at: null }, canChange: [] });
  });
});

describe('money that goes back', () => {
  const none: GoneBack = { refundedMinor: 0, chipsTakenBack: 0, chipsMissing: 0 };

  it('takes a chip for each begun peso, of what is there', () => {
    expect(chipsToTakeBack(100, none, 1, 100)).toEqual({ chips: 1, missing: 0 });
    expect(chipsToTakeBack(100, none, 10_000, 70)).toEqual({ chips: 70, missing: 30 });
    expect(chipsToTakeBack(100, none, 20_000, 100)).toEqual({ chips: 100, missing: 0 });
  });

  it('in any steps, from any wallet, takes what it would have taken at once, and never more than was bought', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 30_000 }), fc.nat(400)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), steps, (bought, gone) => {
        let before = none;
        for (const [amountMinor, there] of gone) {
          const { chips, missing } = chipsToTakeBack(bought, before, amountMinor, there);
          expect(chips).toBeGreaterThanOrEqual(0);
          expect(chips).toBeLessThanOrEqual(there);
          before = {
            refundedMinor: before.refundedMinor + amountMinor,
            chipsTakenBack: before.chipsTakenBack + chips,
            chipsMissing: before.chipsMissing + missing,
          };
        }
        const atOnce = Math.min(bought, Math.ceil(before.refundedMinor / CENTAVOS_PER_CHIP));
        expect(before.chipsTakenBack + before.chipsMissing).toBe(atOnce);
      }),
    );
  });
});
