/** What the tests of the verifier leg share: people, a case in each phase, and commands. */

import type { AuthenticityCase, AuthenticityPhase } from '../../../domain/authenticity/case.ts';
import type { AuthenticityCommand, AuthenticityCommandKind } from '../../../domain/authenticity/commands.ts';
import {
  afterAuthenticityCommand,
  afterAuthenticityDeadline,
  afterHoldSettled,
  beginAuthenticity,
} from '../../../domain/authenticity/progress.ts';
import { DAY_MS } from '../../../domain/durations.ts';
import type { Actor } from '../../../domain/escrow.ts';
import type { UserId } from '../../../domain/ids.ts';
import { PRESETS } from '../../../domain/policy/presets.ts';
import { buyerId, escrowId, orderId, sellerId } from '../postings/support.ts';

const person = (n: number): UserId => `usr_0000000000000000000000000${n}`;
export const otherSellerId = person(7);
export const verifierId = person(4);
export const buyer: Actor = { role: 'buyer', id: buyerId };
export const seller: Actor = { role: 'seller', id: sellerId };
export const admin: Actor = { role: 'admin', id: person(3) };
export const verifier: Actor = { role: 'verifier', id: verifierId };
export const otherVerifier: Actor = { role: 'verifier', id: person(5) };
export const stranger: Actor = { role: 'buyer', id: person(6) };

const { authenticity } = PRESETS.fliiply.policy;
if (!authenticity) throw new Error('fliiply has verifiers');
export const policy = authenticity;

/** The instant `days` after the seller shipped; `plusMs` for the edge of a deadline. */
export const day = (days: number, plusMs = 0): string =>
  new Date(Date.parse('2026-03-01T00:00:00.000Z') + days * DAY_MS + plusMs).toISOString();

/** The goods, 100.00, have just been shipped. */
export const begun = (): AuthenticityCase =>
  beginAuthenticity(
    {
      escrowId,
      orderId,
      vendorOrderId: 'vor_00000000000000000000000001',
      buyerId,
      sellerId,
      partyIds: [buyerId, sellerId, otherSellerId],
      currency: 'EUR',
      itemsMinor: 10_000,
      policy,
    },
    day(0),
  );

export const assign = (id: UserId = verifierId): AuthenticityCommand => ({
  kind: 'assign',
  actor: admin,
  verifierId: id,
});
export const receive: AuthenticityCommand = { kind: 'receive', actor: verifier, location: 'Lyon', note: null };
export const inspect = (
  finding: 'passed' | 'failed' | 'mismatch',
  lowerPriceMinor: number | null = null,
): AuthenticityCommand => ({
  kind: 'inspect',
  actor: verifier,
  finding,
  condition: finding === 'failed' ? null : 'near_mint',
  note: 'Looked at under ultraviolet light.',
  lowerPriceMinor,
});
export const choose = (choice: 'accept' | 'lower_price' | 'refund'): AuthenticityCommand => ({
  kind: 'choose',
  actor: buyer,
  choice,
});
export const forward: AuthenticityCommand = { kind: 'forward', actor: verifier, carrier: 'DHL', trackingNumber: '2' };

/** The case after these commands, an hour after each other. */
export const after = (commands: readonly AuthenticityCommand[], leg = begun()): AuthenticityCase =>
  commands.reduce((now, command, index) => afterAuthenticityCommand(now, command, day((index + 1) / 24)), leg);

const withVerifier = [assign(), receive];

/** A case in each phase. */
export const inPhase: Readonly<Record<AuthenticityPhase, () => AuthenticityCase>> = {
  assigning: begun,
  in_transit_to_verifier: () => after([assign()]),
  with_verifier: () => after(withVerifier),
  mismatch_choice: () => after([...withVerifier, inspect('mismatch', 8_000)]),
  to_forward: () => after([...withVerifier, inspect('passed')]),
  passed: () => after([...withVerifier, inspect('passed'), forward]),
  accepted: () => after([...withVerifier, inspect('mismatch'), choose('accept'), forward]),
  price_lowered: () => after([...withVerifier, inspect('mismatch', 8_000), choose('lower_price'), forward]),
  failed: () => after([...withVerifier, inspect('failed')]),
  declined: () => after([...withVerifier, inspect('mismatch'), choose('refund')]),
  overdue: () => afterAuthenticityDeadline(begun(), day(3)),
  cancelled: () => afterHoldSettled(begun(), day(1)),
};

/** A well-formed command of each kind by whoever may give it. */
export const commandOf: Readonly<Record<AuthenticityCommandKind, AuthenticityCommand>> = {
  assign: assign(),
  receive,
  inspect: inspect('passed'),
  choose: choose('accept'),
  forward,
};
