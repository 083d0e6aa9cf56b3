/** What a market says of itself, in words and in data, and to whom. */

import { describe, expect, it } from '@jest/globals';
import { nextMarketAction } from '../../../domain/markets/clocks.ts';
import { explainMarket, type MarketViewer, movesOfViewer } from '../../../domain/markets/explain.ts';
import { isDecided, MARKET_STATUSES, type MarketStatus } from '../../../domain/markets/market.ts';
import { PRESETS } from '../../../domain/policy/presets.ts';

const { market: policy } = PRESETS.pilimarket.policy;
if (!policy) throw new Error('pilimarket has market rules');
const now = '2026-03-01T12:00:00.000Z';
const closesAt = '2026-03-02T12:00:00.000Z';
const explained = (status: MarketStatus) =>
  explainMarket({ status, nextAction: nextMarketAction(status, now, { closesAt, policy }) });
const visitor: MarketViewer = { signedIn: false, moderator: false, forecaster: false, proposer: false };
const user = { ...visitor, signedIn: true };
const forecaster = { ...user, forecaster: true };
const moderator = { ...user, moderator: true };

describe('the explanation of a market', () => {
  it('says in every state something of its own, when it happens, and who can change it', () => {
    for (const status of MARKET_STATUSES) {
      const { next, canChange } = explained(status);
      expect(next.text).toMatch(/^[A-Z].*\.$/);
      expect([status, canChange.length === 0]).toEqual([status, isDecided(status)]);
      expect([status, next.at === null]).toEqual([status, isDecided(status)]);
    }
    expect(new Set(MARKET_STATUSES.map((status) => explained(status).next.text)).size).toBe(MARKET_STATUSES.length);
  });

  it('warns before it gives up, and says where the stakes went when nobody had won', () => {
    for (const status of ['closed', 'challenged'] as const) {
      const { next } = explainMarket({ status, nextAction: { kind: 'cancel', at: closesAt } });
      expect(next.text).toContain('every stake goes back');
    }
    const over = (status: MarketStatus) =>
      explainMarket({ status, nextAction: { kind: 'none', at: null }, returned: true }).next.text;
    expect(over('resolved')).toContain('nobody had chosen it');
    expect(over('settled')).toBe('Nobody had chosen the outcome: every stake went back.');
    expect(over('cancelled')).toBe(
      explainMarket({ status: 'cancelled', nextAction: { kind: 'none', at: null } }).next.text,
    );
  });
});

describe('the moves of a reader', () => {
  const moves = (status: MarketStatus, ...viewers: MarketViewer[]): string[] =>
    viewers.map((viewer) => movesOfViewer(explained(status), viewer).join(' '));

  it('follow from what they are to the market', () => {
    expect(moves('open', visitor, user, forecaster, moderator)).toEqual([
      '',
      'forecasts',
      '',
      'forecasts suspend cancel',
    ]);
    expect(moves('suspended', user, moderator)).toEqual(['', 'reopen cancel']);
    expect(moves('closed', user, forecaster, moderator)).toEqual(['', '', 'resolution cancel']);
    expect(moves('proposed', visitor, user, forecaster, moderator)).toEqual(['', '', 'challenge', 'cancel']);
    expect(moves('settled', forecaster, moderator)).toEqual(['', '']);
  });

  it('leave the end of a market to those without a stake in it, and a challenge to another than who proposed', () => {
    const staked = { ...moderator, forecaster: true };
    expect(moves('open', staked)).toEqual(['suspend']);
    expect(moves('closed', staked)).toEqual(['']);
    expect(moves('proposed', staked)).toEqual(['challenge']);
    expect(moves('challenged', staked, { ...moderator, proposer: true }, moderator)).toEqual([
      '',
      'cancel',
      'decision cancel',
    ]);
  });
});
