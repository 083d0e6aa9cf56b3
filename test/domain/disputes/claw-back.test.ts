/** Claiming released money back: the ladder adds up, debts are settled first, and only an admin gives one up. */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  CLAW_BACK_RUNGS,
  type ClawBackStep,
  netRelease,
  planClawBack,
  replanClawBack,
  withdrawalRefusal,
  writeOffRefusal,
} from '../../../domain/disputes/claw-back.ts';
import {
  clawedBack,
  type Journal,
  receivableSettled,
  receivableWrittenOff,
  transferReversed,
} from '../../../domain/postings.ts';
import { balancesAfter, claim, hold, sellerId } from '../postings/support.ts';
import { disputeId } from './support.ts';

const anyAmount = fc.nat(1_000_000);
const anyInput = fc.record({ amountMinor: anyAmount, reversibleMinor: anyAmount, walletMinor: anyAmount });
const total = (steps: readonly ClawBackStep[]): number => steps.reduce((sum, step) => sum + step.amountMinor, 0);
const RUNS = { numRuns: 2_000 };

describe('the claw-back ladder', () => {
  it.each<[number, number, number, ClawBackStep[]]>([
    [900, 2_000, 500, [{ kind: 'reverse_transfer', amountMinor: 900 }]],
    [
      900,
      600,
      500,
      [
        { kind: 'reverse_transfer', amountMinor: 600 },
        { kind: 'wallet', amountMinor: 300 },
      ],
    ],
    [
      900,
      600,
      100,
      [
        { kind: 'reverse_transfer', amountMinor: 600 },
        { kind: 'wallet', amountMinor: 100 },
        { kind: 'receivable', amountMinor: 200 },
      ],
    ],
    [900, 0, 0, [{ kind: 'receivable', amountMinor: 900 }]],
    [0, 500, 500, []],
  ])('for %d with %d reversible and %d in the wallet', (amountMinor, reversibleMinor, walletMinor, steps) => {
    expect(planClawBack({ amountMinor, reversibleMinor, walletMinor })).toEqual(steps);
  });

  it('sums to the amount, uses each rung in order, and the next only when the one before is empty', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const steps = planClawBack(input);
        expect(total(steps)).toBe(input.amountMinor);
        const of = (kind: ClawBackStep['kind']): number => total(steps.filter((step) => step.kind === kind));
        expect(steps.map((step) => step.kind)).toEqual(CLAW_BACK_RUNGS.filter((kind) => of(kind) > 0));
        if (of('wallet') + of('receivable') > 0) expect(of('reverse_transfer')).toBe(input.reversibleMinor);
        if (of('receivable') > 0) expect(of('wallet')).toBe(input.walletMinor);
      }),
      RUNS,
    );
  });

  it('goes on with what was reversed where the reversal brought less', () => {
    const input = { amountMinor: 900, reversibleMinor: 900, walletMinor: 200 };
    expect(replanClawBack(input, 0)).toEqual([
      { kind: 'wallet', amountMinor: 200 },
      { kind: 'receivable', amountMinor: 700 },
    ]);
    fc.assert(
      fc.property(anyInput, anyAmount, (plan, reversedMinor) => {
        expect(total(replanClawBack(plan, reversedMinor))).toBe(plan.amountMinor);
      }),
      RUNS,
    );
  });

  it('is what its journals post, and no wallet goes below zero on the way', () => {
    fc.assert(
      fc.property(anyInput, ({ amountMinor, ...rest }) => {
        const input = { amountMinor: amountMinor + 1, ...rest };
        const steps = planClawBack(input);
        const of = (kind: ClawBackStep['kind']): number => total(steps.filter((step) => step.kind === kind));
        const reversedMinor = of('reverse_transfer');
        const reversal: Journal[] =
          reversedMinor === 0 ? [] : [transferReversed({ ...claim, sellerId, amountMinor: reversedMinor })];
        const walletBalanceMinor = input.walletMinor + reversedMinor;
        const taken = clawedBack({ ...claim, sellerId, amountMinor: input.amountMinor, walletBalanceMinor });
        const balances = balancesAfter([...reversal, taken]);
        expect(balances[`wallet:${sellerId}`] ?? 0).toBe(0 - of('wallet'));
        expect(balances[`receivable:${sellerId}`] ?? 0).toBe(0 - of('receivable'));
        expect(of('wallet')).toBeLessThanOrEqual(input.walletMinor);
      }),
      RUNS,
    );
  });

  it.each([
    { amountMinor: -1, reversibleMinor: 0, walletMinor: 0 },
    { amountMinor: 1, reversibleMinor: -1, walletMinor: 0 },
    { amountMinor: 1, reversibleMinor: 0, walletMinor: -1 },
    { amountMinor: 0.5, reversibleMinor: 0, walletMinor: 0 },
  ])('refuses what is no amount: %j', (input) => {
    expect(() => planClawBack(input)).toThrow(RangeError);
  });
});

describe('a later release', () => {
  it('settles the debt first, and pays out the rest', () => {
    expect(netRelease(1_000, 300)).toEqual({ settleMinor: 300, payOutMinor: 700 });
    expect(netRelease(1_000, 1_300)).toEqual({ settleMinor: 1_000, payOutMinor: 0 });
    expect(netRelease(1_000, 0)).toEqual({ settleMinor: 0, payOutMinor: 1_000 });
  });

  it('one after another works a debt off exactly, and nothing is paid out before it is', () => {
    fc.assert(
      fc.property(anyAmount, fc.array(anyAmount), (debtMinor, releases) => {
        let owedMinor = debtMinor;
        let paidOutMinor = 0;
        for (const netMinor of releases) {
          const { settleMinor, payOutMinor } = netRelease(netMinor, owedMinor);
          if (settleMinor + payOutMinor !== netMinor) throw new Error('a release does not add up');
          if (payOutMinor > 0 && settleMinor < owedMinor) throw new Error('paid out before the debt was settled');
          owedMinor -= settleMinor;
          paidOutMinor += payOutMinor;
        }
        const releasedMinor = releases.reduce((sum, each) => sum + each, 0);
        expect(owedMinor).toBe(Math.max(0, debtMinor - releasedMinor));
        expect(paidOutMinor).toBe(Math.max(0, releasedMinor - debtMinor));
      }),
      RUNS,
    );
  });

  it('of a hold and of its disputed part settle under keys of their own', () => {
    const whole = receivableSettled({ ...hold, sellerId, amountMinor: 5 });
    const part = receivableSettled({ ...hold, sellerId, amountMinor: 5, disputeId });
    expect(part.key).toBe(`dispute/${disputeId}:receivable-settled`);
    expect(part.lines).toEqual(whole.lines);
    expect(part.key).not.toBe(whole.key);
  });
});

describe('a debt', () => {
  it('keeps its seller from withdrawing until it is settled', () => {
    expect(withdrawalRefusal(0)).toBeNull();
    expect(withdrawalRefusal(1)).toMatchObject({ code: 'receivable_outstanding' });
  });

  it.each([
    [{ role: 'seller', reason: 'I would like to', amountMinor: 100 }, 'forbidden'],
    [{ role: 'admin', reason: '  ', amountMinor: 100 }, 'reason_required'],
    [{ role: 'admin', reason: 'gone', amountMinor: 101 }, 'amount_out_of_range'],
    [{ role: 'admin', reason: 'gone', amountMinor: 0 }, 'amount_out_of_range'],
    [{ role: 'admin', reason: 'gone', amountMinor: 0.5 }, 'amount_out_of_range'],
    [{ role: 'admin', reason: 'gone', amountMinor: 100 }, null],
  ] as const)('of 100 is written off by %j: %s', (request, code) => {
    expect(writeOffRefusal(request, 100)?.code ?? null).toBe(code);
  });

  it('that is written off becomes the platform’s loss', () => {
    const debt = clawedBack({ ...claim, sellerId, walletBalanceMinor: 0 });
    const lost = receivableWrittenOff({ ...claim, sellerId });
    expect(balancesAfter([debt, lost])).toEqual({ 'world:stripe': 900, 'loss:chargebacks': -900 });
  });
});
