/** What a market does by itself, and when: every state ends in a way that was announced beforehand. */

import type { MarketPolicy } from '../policy/policy.ts';
import type { MarketNextAction, MarketStatus } from './market.ts';

/** The durations that a market was created under, in milliseconds. */
export type MarketClocks = Pick<
  MarketPolicy,
  'challengeWindowMs' | 'resolveByMs' | 'decideWithinMs' | 'cancelAfterAlertMs'
>;

/** `at`: RFC 3339; null where it happens at once, or nothing does. */
export type NextMarketAction = { kind: MarketNextAction; at: string | null };

/** What a market does next that came into this state at `since` (RFC 3339). */
export function nextMarketAction(
  status: MarketStatus,
  since: string,
  { closesAt, policy }: { closesAt: string; policy: MarketClocks },
): NextMarketAction {
  switch (status) {
    case 'open':
    case 'suspended':
      return { kind: 'close', at: closesAt };
    case 'closed':
      return { kind: 'alert_resolver', at: after(since, policy.resolveByMs) };
    case 'proposed':
      return { kind: 'resolve_as_proposed', at: after(since, policy.challengeWindowMs) };
    case 'challenged':
      return { kind: 'alert_decider', at: after(since, policy.decideWithinMs) };
    case 'resolved':
    case 'cancelled':
      return { kind: 'pay_out', at: null };
    case 'settled':
      return { kind: 'none', at: null };
  }
}

/** The moderators were alerted at `since`: how long they still have. */
export function afterAlert(since: string, policy: MarketClocks): NextMarketAction {
  return { kind: 'cancel', at: after(since, policy.cancelAfterAlertMs) };
}

/**
 * Whether the clock goes before something that is asked at `at`. What is asked at the very instant comes first, but nothing
 * is placed, suspended or reopened once the market's time has come, and without a window nobody challenges.
 */
export function isClockFirst({ kind, at: dueAt }: NextMarketAction, at: string, policy: MarketClocks): boolean {
  if (dueAt === null) return false;
  const isExact = kind === 'close' || (kind === 'resolve_as_proposed' && policy.challengeWindowMs === 0);
  return isExact ? Date.parse(at) >= Date.parse(dueAt) : Date.parse(at) > Date.parse(dueAt);
}

function after(since: string, durationMs: number): string {
  return new Date(Date.parse(since) + durationMs).toISOString();
}
