/** Fraud rules are data: each breaks from its threshold on, weighs addresses less than devices, and decides nothing. */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type FlagStatus, flagStatusAfter, REVIEW_OUTCOMES, reviewRefusal } from '../../../domain/fraud/review.ts';
import { FRAUD_RULE_CODES, FRAUD_RULES, FRAUD_SEVERITIES, judge } from '../../../domain/fraud/rules.ts';
import type { UserId } from '../../../domain/ids.ts';
import { plainReferralCode, referralCodeFrom } from '../../../domain/referral.ts';

const RULES = FRAUD_RULE_CODES.map((code) => FRAUD_RULES[code]);
const anyRule = fc.constantFrom(...RULES);
const weight = (severity: ReturnType<typeof judge>) => (severity ? FRAUD_SEVERITIES.indexOf(severity) : -1);

describe('every rule', () => {
  it.each(RULES)('$code is not broken just below its threshold, and is at it', (rule) => {
    const { threshold, severity } = rule;
    expect(judge(rule, { measured: threshold - 1, by: 'device', accounts: 1 })).toBeNull();
    expect(judge(rule, { measured: threshold, by: 'device', accounts: 1 })).toBe(severity);
  });

  it.each(RULES)('$code says what it is and why', ({ code, title, reason, measures }) => {
    expect(FRAUD_RULES[code].code).toBe(code);
    for (const text of [title, reason, measures]) expect(text.length).toBeGreaterThan(5);
  });

  it('never weighs more less, and an address never more than a device', () => {
    fc.assert(
      fc.property(anyRule, fc.nat(5_000), fc.nat(5_000), fc.integer({ min: 1, max: 50 }), (rule, a, b, accounts) => {
        const [fewer, more] = [Math.min(a, b), Math.max(a, b)];
        const byDevice = (measured: number) => weight(judge(rule, { measured, by: 'device', accounts }));
        expect(byDevice(fewer)).toBeLessThanOrEqual(byDevice(more));
        expect(weight(judge(rule, { measured: more, by: 'address', accounts }))).toBeLessThanOrEqual(byDevice(more));
      }),
    );
  });

  it('escalates one step where it says so', () => {
    const rule = FRAUD_RULES.many_accounts_on_device;
    const at = (measured: number) => judge(rule, { measured, by: 'device', accounts: measured });
    expect([at(3), at(4), at(7), at(8), at(100)]).toEqual([null, 'medium', 'medium', 'high', 'high']);
  });

  it('takes a crowd behind one address for what it is', () => {
    const rule = FRAUD_RULES.both_sides_of_market;
    const of = (accounts: number) => judge(rule, { measured: 2, by: 'address', accounts });
    expect([of(2), of(5), of(6)]).toEqual(['low', 'low', null]);
    expect(judge(FRAUD_RULES.many_accounts_on_device, { measured: 99, by: 'address', accounts: 2 })).toBeNull();
  });
});

describe('a review', () => {
  const [moderator, admin, account] = ['usr_m', 'usr_a', 'usr_u'] as const satisfies UserId[];
  const refusal = (changes: Partial<Parameters<typeof reviewRefusal>[0]>) =>
    reviewRefusal({
      reviewer: { id: moderator, isAdmin: false },
      account: { id: account, isStaff: false },
      status: 'open',
      outcome: 'limit',
      ...changes,
    })?.code ?? null;

  it.each<[string, Parameters<typeof refusal>[0], string | null]>([
    ['a moderator decides about somebody', {}, null],
    ['nobody decides about themselves', { account: { id: moderator, isStaff: true } }, 'forbidden'],
    [
      'not even an admin',
      { reviewer: { id: admin, isAdmin: true }, account: { id: admin, isStaff: true } },
      'forbidden',
    ],
    ['a moderator decides about no colleague', { account: { id: admin, isStaff: true } }, 'forbidden'],
    ['an admin does', { reviewer: { id: admin, isAdmin: true }, account: { id: moderator, isStaff: true } }, null],
    ['once decided is decided', { status: 'cleared', outcome: 'suspend' }, 'already_decided'],
    ['a limited one too', { status: 'limited', outcome: 'clear' }, 'already_decided'],
    ['what was decided may be lifted', { status: 'suspended', outcome: 'lift' }, null],
    ['where there is something to lift', { status: 'cleared', outcome: 'lift' }, 'illegal_transition'],
    ['which an open flag has not', { status: 'open', outcome: 'lift' }, 'illegal_transition'],
  ])('%s', (_title, changes, code) => {
    expect(refusal(changes)).toBe(code);
  });

  it('leads to a state of its own, never back to open', () => {
    const after = REVIEW_OUTCOMES.map(flagStatusAfter);
    expect(after).toEqual(['cleared', 'limited', 'suspended', 'cleared'] satisfies FlagStatus[]);
  });
});

describe('referral codes', () => {
  it('are eight characters that nobody mixes up, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (bytes) => {
        fc.pre(bytes.filter((byte) => byte < 232).length >= 8);
        const code = referralCodeFrom(bytes);
        expect(code).toMatch(/^[2-9A-HJKMNP-TW-Z]{8}$/);
        expect(plainReferralCode(` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)} `)).toBe(code);
      }),
    );
  });

  it('are not made from too little chance', () => {
    expect(() => referralCodeFrom(new Uint8Array(7))).toThrow(RangeError);
  });
});
