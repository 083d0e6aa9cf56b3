/** What may be asked of a market in which state and at which instant. */

import { describe, expect, it } from '@jest/globals';
import { isClockFirst, nextMarketAction } from '../../../domain/markets/clocks.ts';
import { type MarketCase, type MarketCommand, marketRefusal, statusAt } from '../../../domain/markets/commands.ts';
import { explainMarket } from '../../../domain/markets/explain.ts';
import { MARKET_STATUSES, type MarketStatus } from '../../../domain/markets/market.ts';
import { slugOf } from '../../../domain/markets/slug.ts';

const T = '2026-03-01T12:00:00.000Z';
const JUST_BEFORE = '2026-03-01T11:59:59.999Z';
const JUST_AFTER = '2026-03-01T12:00:00.001Z';
const policy = { challengeWindowMs: 60_000, resolveByMs: 60_000, decideWithinMs: 60_000, cancelAfterAlertMs: 60_000 };
const proposal = {
  outcomeId: 'out_a',
  evidenceUrls: ['https://a.test'],
  note: 'x',
  proposedBy: 'usr_1',
  proposedAt: T,
} as const;

/** A market in this state whose clock rings at T. */
function marketIn(status: MarketStatus, changes: Partial<MarketCase> = {}): MarketCase {
  const { kind, at } = nextMarketAction(status, T, { closesAt: T, policy });
  return {
    status,
    closesAt: T,
    policy,
    outcomeIds: ['out_a', 'out_b'],
    proposal: status === 'proposed' || status === 'challenged' ? proposal : null,
    challenge: null,
    nextAction: { kind, at: at === null ? null : T },
    ...changes,
  };
}

const suspend: MarketCommand = { kind: 'suspend', by: 'usr_1', reason: 'x' };
const reopen: MarketCommand = { kind: 'reopen', by: 'usr_1' };
const cancel: MarketCommand = { kind: 'cancel', by: 'usr_1', reason: 'x' };
const { proposedAt: _at, proposedBy: by, ...said } = proposal;
const propose: MarketCommand = { kind: 'propose', by, ...said };
const challenge: MarketCommand = { kind: 'challenge', by: 'usr_3', reason: 'x' };
const decide: MarketCommand = { kind: 'decide', by: 'usr_2', outcomeId: 'out_b', note: 'x' };

const codeOf = (command: MarketCommand, market: MarketCase, at: string): string | null =>
  marketRefusal(command, market, at)?.code ?? null;

describe('at the very instant', () => {
  it.each([
    ['a suspension before the end', suspend, 'open', JUST_BEFORE, null],
    ['a suspension at the end', suspend, 'open', T, 'market_closed'],
    ['a reopening before the end', reopen, 'suspended', JUST_BEFORE, null],
    ['a reopening at the end', reopen, 'suspended', T, 'market_closed'],
    ['a proposal before the end', propose, 'open', JUST_BEFORE, 'market_not_closed'],
    ['a proposal at the end', propose, 'open', T, null],
    ['a challenge as the window ends', challenge, 'proposed', T, null],
    ['a challenge after the window', challenge, 'proposed', JUST_AFTER, 'challenge_window_closed'],
    ['a decision as the alert is due', decide, 'challenged', T, null],
    ['a cancellation at the end', cancel, 'open', T, null],
  ] as const)('%s is judged by it', (_what, command, status, at, code) => {
    expect(codeOf(command, marketIn(status), at)).toBe(code);
  });

  it('without a window nothing can be challenged, not even at once', () => {
    const market = marketIn('proposed', { policy: { ...policy, challengeWindowMs: 0 } });
    expect(codeOf(challenge, market, T)).toBe('challenge_window_closed');
    expect(isClockFirst(market.nextAction, T, market.policy)).toBe(true);
  });

  it('an open market whose time has come is closed, whatever its row says', () => {
    expect([JUST_BEFORE, T].map((at) => statusAt(marketIn('open'), at))).toEqual(['open', 'closed']);
  });
});

describe('a request', () => {
  it.each([
    ['no web address', { evidenceUrls: ['ftp://a.test'] }],
    ['no address', { evidenceUrls: ['https://'] }],
    ['nothing', { evidenceUrls: [] }],
    ['an empty note', { note: '' }],
  ])('to resolve with %s is refused', (_what, change) => {
    expect(codeOf({ ...propose, ...change }, marketIn('closed'), JUST_BEFORE)).toBe('validation_failed');
  });

  it('names an outcome of the market, and is decided by another moderator', () => {
    expect(codeOf({ ...propose, outcomeId: 'out_c' }, marketIn('closed'), JUST_BEFORE)).toBe('outcome_not_in_market');
    expect(codeOf({ ...decide, outcomeId: 'out_c' }, marketIn('challenged'), JUST_BEFORE)).toBe(
      'outcome_not_in_market',
    );
    expect(codeOf({ ...decide, by: 'usr_1' }, marketIn('challenged'), JUST_BEFORE)).toBe('same_moderator');
  });

  it('changes nothing once a market is decided', () => {
    for (const status of ['resolved', 'settled', 'cancelled'] as const) {
      for (const command of [suspend, reopen, cancel, propose, challenge, decide]) {
        expect(codeOf(command, marketIn(status), JUST_BEFORE)).toBe('market_over');
      }
    }
  });
});

describe('an explanation', () => {
  it('says for every state what comes next, and offers only what is not refused', () => {
    const commands = { suspend, reopen, cancel, resolution: propose, challenge, decision: decide };
    for (const status of MARKET_STATUSES) {
      const market = marketIn(status);
      const { next, canChange } = explainMarket(market);
      expect(next.text).not.toBe('');
      const open = Object.entries(commands).filter(([, command]) => codeOf(command, market, JUST_BEFORE) === null);
      const moves = canChange.map(({ move }) => move).filter((move) => move !== 'forecasts');
      expect(moves.toSorted()).toEqual(open.map(([move]) => move).toSorted());
    }
  });
});

describe('a slug', () => {
  it.each([
    ['Will it rain in Manila on Friday?', 'will-it-rain-in-manila-on-friday'],
    ['  ¿Ganará España -- sí o no?  ', 'ganara-espana-si-o-no'],
    ['明日は雨ですか', 'market'],
    ['a'.repeat(300), 'a'.repeat(90)],
    [`${'a'.repeat(89)} b`, 'a'.repeat(89)],
  ])('of %j is %s', (title, slug) => {
    expect(slugOf(title)).toBe(slug);
  });
});
