/** What may be asked of a market, and when: one rule for the workflow, its validators and whoever shows buttons. */

import type { ErrorCode } from '../error-codes.ts';
import type { OutcomeId, UserId } from '../ids.ts';
import { isClockFirst, type MarketClocks, type NextMarketAction } from './clocks.ts';
import { type Challenge, isDecided, type MarketStatus, type Proposal } from './market.ts';

/** A market as far as its rules look at it. */
export type MarketCase = {
  status: MarketStatus;
  closesAt: string;
  policy: MarketClocks;
  outcomeIds: readonly OutcomeId[];
  proposal: Proposal | null;
  challenge: Challenge | null;
  nextAction: NextMarketAction;
};

export type MarketCommand =
  | { kind: 'suspend'; by: UserId; reason: string }
  | { kind: 'reopen'; by: UserId }
  | { kind: 'cancel'; by: UserId; reason: string }
  | { kind: 'propose'; by: UserId; outcomeId: OutcomeId; evidenceUrls: readonly string[]; note: string }
  | { kind: 'challenge'; by: UserId; reason: string }
  | { kind: 'decide'; by: UserId; outcomeId: OutcomeId; note: string };
export type MarketCommandKind = MarketCommand['kind'];

export type MarketRefusal = { code: ErrorCode; message: string };

/** Why this cannot be done at `at` (RFC 3339); null where it can. What its forecasts say of somebody is checked with the rows. */
export function marketRefusal(command: MarketCommand, market: MarketCase, at: string): MarketRefusal | null {
  const status = statusAt(market, at);
  if (isDecided(status)) return refusal('market_over', `the market is ${status}`);
  switch (command.kind) {
    case 'suspend':
      return suspendRefusal(status);
    case 'reopen':
      return reopenRefusal(status);
    case 'cancel':
      return command.reason.trim() === '' ? refusal('validation_failed', 'a reason says why') : null;
    case 'propose':
      return proposeRefusal(command, status, market);
    case 'challenge':
      return challengeRefusal(command, status, market, at);
    case 'decide':
      return decideRefusal(command, status, market);
  }
}

/** The state at an instant: a market's time may have come before its clock has said so. */
export function statusAt({ status, nextAction, policy }: MarketCase, at: string): MarketStatus {
  return nextAction.kind === 'close' && isClockFirst(nextAction, at, policy) ? 'closed' : status;
}

function suspendRefusal(status: MarketStatus): MarketRefusal | null {
  if (status === 'open') return null;
  if (status === 'suspended') return refusal('illegal_transition', 'the market is suspended already');
  return refusal('market_closed', 'no more forecasts are placed on this market');
}

function reopenRefusal(status: MarketStatus): MarketRefusal | null {
  if (status === 'suspended') return null;
  if (status === 'open') return refusal('market_not_suspended', 'the market is open');
  return refusal('market_closed', 'the time of this market has come');
}

function proposeRefusal(
  { outcomeId, evidenceUrls, note }: Extract<MarketCommand, { kind: 'propose' }>,
  status: MarketStatus,
  market: MarketCase,
): MarketRefusal | null {
  if (status === 'open' || status === 'suspended') {
    return refusal('market_not_closed', `the market closes at ${market.closesAt}`);
  }
  if (status !== 'closed') return refusal('already_proposed', 'an outcome is proposed already');
  if (evidenceUrls.length === 0 || !evidenceUrls.every(isWebAddress)) {
    return refusal('validation_failed', 'evidence is at least one http or https address');
  }
  if (note.trim() === '') return refusal('validation_failed', 'a note says why');
  return outcomeRefusal(outcomeId, market);
}

function challengeRefusal(
  { reason }: Extract<MarketCommand, { kind: 'challenge' }>,
  status: MarketStatus,
  { nextAction, policy }: MarketCase,
  at: string,
): MarketRefusal | null {
  if (status === 'challenged') return refusal('already_challenged', 'the proposed outcome is challenged already');
  if (status !== 'proposed') return refusal('not_challengeable', 'no outcome is proposed');
  if (isClockFirst(nextAction, at, policy)) {
    return refusal('challenge_window_closed', 'the time to challenge is over');
  }
  return reason.trim() === '' ? refusal('validation_failed', 'a reason says why') : null;
}

function decideRefusal(
  { by, outcomeId, note }: Extract<MarketCommand, { kind: 'decide' }>,
  status: MarketStatus,
  market: MarketCase,
): MarketRefusal | null {
  if (status !== 'challenged') return refusal('not_challengeable', 'nobody has challenged an outcome');
  if (market.proposal?.proposedBy === by) {
    return refusal('same_moderator', 'another moderator decides than the one who proposed');
  }
  if (note.trim() === '') return refusal('validation_failed', 'a note says why');
  return outcomeRefusal(outcomeId, market);
}

function outcomeRefusal(outcomeId: OutcomeId, { outcomeIds }: MarketCase): MarketRefusal | null {
  return outcomeIds.includes(outcomeId) ? null : refusal('outcome_not_in_market', 'not an outcome of this market');
}

/** No global `URL` here: domain code runs in the workflow sandbox and anywhere. Spaces and control characters are none. */
function isWebAddress(address: string): boolean {
  return /^https?:\/\/[^\s/?#]+\S*$/i.test(address);
}

function refusal(code: ErrorCode, message: string): MarketRefusal {
  return { code, message };
}
