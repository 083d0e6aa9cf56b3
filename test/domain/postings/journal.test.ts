/** What holds for every journal. */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseAccount } from '../../../domain/accounts.ts';
import {
  assertBalanced,
  authorisationCancelled,
  authorisationCaptured,
  chargebackAbsorbed,
  chargebackFee,
  chargebackLost,
  clawedBack,
  type HoldAmounts,
  holdReleased,
  JOURNAL_KINDS,
  type Journal,
  lateReceived,
  lateRefunded,
  paymentAuthorised,
  paymentCaptured,
  payoutFailed,
  payoutPaid,
  payoutStarted,
  receivableSettled,
  receivableWrittenOff,
  transferReversed,
  walletDeposited,
} from '../../../domain/postings.ts';
import { refusal } from '../support.ts';
import {
  anyHoldAndPart,
  buyerId,
  claim,
  escrowId,
  fliiplyHold,
  hold,
  order,
  paymentId,
  payout,
  refund,
  sellerId,
  split,
} from './support.ts';

describe('every journal', () => {
  const all = (amounts: HoldAmounts, buyerMinor: number): Journal[] => {
    const { grossMinor } = amounts;
    const oneHold = [{ escrowId, grossMinor }];
    const anyAmount = { amountMinor: grossMinor, externalRef: 'ref_1' };
    const anyClaim = { ...claim, amountMinor: grossMinor, sellerId };
    const anyPayout = { ...payout, amountMinor: grossMinor };
    const outside = { provider: 'stripe', externalRef: 'ref_1' } as const;
    return [
      paymentCaptured({ ...order, buyerId, holds: oneHold }),
      paymentAuthorised({ ...order, externalRef: 'pi_1', holds: oneHold }),
      authorisationCaptured({ ...order, ...anyAmount }),
      authorisationCancelled({ ...order, holds: oneHold }),
      lateReceived({ ...order, ...anyAmount }),
      lateRefunded({ ...order, ...anyAmount }),
      holdReleased({ ...hold, sellerId, amounts }),
      refund(grossMinor),
      split(amounts, buyerMinor),
      walletDeposited({ ...anyPayout, ...outside, paymentId }),
      payoutStarted(anyPayout),
      payoutPaid({ ...anyPayout, ...outside }),
      payoutFailed(anyPayout),
      chargebackLost(anyClaim),
      chargebackFee(anyClaim),
      chargebackAbsorbed(anyClaim),
      clawedBack({ ...anyClaim, walletBalanceMinor: buyerMinor }),
      transferReversed(anyClaim),
      receivableSettled(anyClaim),
      receivableWrittenOff(anyClaim),
    ];
  };

  it('sums to zero, drops zero lines, and posts to one line per account that has a known name', () => {
    fc.assert(
      fc.property(anyHoldAndPart, ([amounts, buyerMinor]) => {
        for (const journal of all(amounts, buyerMinor)) {
          const accounts = journal.lines.map((each) => each.account);
          expect(journal.lines.reduce((sum, each) => sum + each.amountMinor, 0)).toBe(0);
          expect(journal.lines.every((each) => each.amountMinor !== 0 && each.currency === 'EUR')).toBe(true);
          expect(new Set(accounts).size).toBe(accounts.length);
          expect(accounts.filter((account) => parseAccount(account) === null)).toEqual([]);
        }
      }),
    );
  });

  it('has a kind and a key of its own, and every kind has a builder', () => {
    const journals = all(fliiplyHold(), 6_050);
    // Those of chips have a test of their own: test/ledger/chips-apart.test.ts.
    const ofMoney = JOURNAL_KINDS.filter((kind) => !/^(?:chips|forecasts|market|referral)_/.test(kind));
    expect(journals.map((journal) => journal.kind).toSorted()).toEqual(ofMoney.toSorted());
    expect(new Set(journals.map((journal) => journal.key)).size).toBe(journals.length);
    for (const { key } of journals) expect(key).toMatch(/^[a-z]+\/[a-z]+_[0-9a-z]{26}:[a-z-]+(:\w+)?$/);
  });
});

describe('assertBalanced', () => {
  const usd = (account: string, amountMinor: number) => ({ account, amountMinor, currency: 'USD' }) as const;
  const chips = (account: string, amountMinor: number) => ({ account, amountMinor, currency: 'CHIP' }) as const;

  it('accepts lines that sum to zero in each of their currencies', () => {
    const lines = [usd('a', -5), usd('b', 5), chips('c', -2), chips('d', 2)];
    const journal: Journal = { key: 'k', kind: 'hold_released', lines };
    expect(assertBalanced(journal)).toBe(journal);
  });

  it.each([
    [[]],
    [[usd('a', 0)]],
    [[usd('a', 5)]],
    [[usd('a', 5), usd('b', -4)]],
    [[usd('a', 5), chips('b', -5)]],
    [[usd('a', 5), usd('b', -5), usd('c', 0)]],
    [[usd('a', 0.5), usd('b', -0.5)]],
    [[usd('a', 2 ** 53), usd('b', -(2 ** 53))]],
  ])('refuses anything else: case %#', (lines) => {
    expect(refusal(() => assertBalanced({ key: 'k', kind: 'hold_released', lines }))).toBe('journal_unbalanced');
  });
});
