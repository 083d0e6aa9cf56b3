/** Whatever people, clocks and the hold do to a verifier leg, in any order: it ends once, legally, and never with money for nobody. */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  AUTHENTICITY_PHASES,
  type AuthenticityCase,
  type AuthenticityPhase,
  CONDITIONS,
  canMoveAuthenticity,
  decisionOfCase,
  FINDINGS,
  isTerminalAuthenticityPhase,
  MISMATCH_CHOICES,
} from '../../../domain/authenticity/case.ts';
import { type AuthenticityCommand, authenticityRefusal } from '../../../domain/authenticity/commands.ts';
import {
  afterAuthenticityCommand,
  afterAuthenticityDeadline,
  afterHoldSettled,
} from '../../../domain/authenticity/progress.ts';
import { carveOutAmount, rejoin } from '../../../domain/disputes/shares.ts';
import type { UserId } from '../../../domain/ids.ts';
import { holdPriceLowered, holdReleased } from '../../../domain/postings.ts';
import { anyHold, balancesAfter, buyerId, hold, sellerId } from '../postings/support.ts';
import {
  admin,
  assign,
  begun,
  buyer,
  choose,
  day,
  forward,
  inspect,
  otherVerifier,
  receive,
  seller,
  stranger,
  verifier,
} from './support.ts';

const anyActor = fc.constantFrom(buyer, seller, admin, verifier, otherVerifier, stranger);
const anyCommand: fc.Arbitrary<AuthenticityCommand> = fc.oneof(
  fc.record({
    kind: fc.constant('assign' as const),
    actor: anyActor,
    verifierId: anyActor.map(({ id }) => id as UserId),
  }),
  fc.constantFrom(receive, forward, inspect('passed'), inspect('failed'), inspect('mismatch', 100)),
  fc.constantFrom(...MISMATCH_CHOICES).map(choose),
  fc.record({
    kind: fc.constant('inspect' as const),
    actor: anyActor,
    finding: fc.constantFrom(...FINDINGS),
    condition: fc.constantFrom(null, ...CONDITIONS),
    note: fc.constantFrom('', 'So.'),
    lowerPriceMinor: fc.constantFrom(null, -1, 1, 5_000, 10_000),
  }),
  fc.record({ kind: fc.constant('choose' as const), actor: anyActor, choice: fc.constantFrom(...MISMATCH_CHOICES) }),
);
/** What belongs to a phase, by whom it belongs to: random words alone seldom get far. */
const SENSIBLE: Partial<Record<AuthenticityPhase, readonly AuthenticityCommand[]>> = {
  assigning: [assign()],
  in_transit_to_verifier: [receive],
  with_verifier: [inspect('passed'), inspect('mismatch', 100), inspect('mismatch'), inspect('failed')],
  mismatch_choice: MISMATCH_CHOICES.map(choose),
  to_forward: [forward],
};
type Sensible = { pick: number };
type Step = AuthenticityCommand | Sensible | 'deadline' | 'settled';
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: anyCommand },
  { weight: 6, arbitrary: fc.record({ pick: fc.nat() }) },
  { weight: 2, arbitrary: fc.constant('deadline' as const) },
  { weight: 1, arbitrary: fc.constant('settled' as const) },
);

function step(leg: AuthenticityCase, what: Step, at: string): AuthenticityCase {
  if (what === 'deadline') return afterAuthenticityDeadline(leg, at);
  if (what === 'settled') return afterHoldSettled(leg, at);
  const sensible = SENSIBLE[leg.phase] ?? [];
  const command = 'pick' in what ? sensible[what.pick % sensible.length] : what;
  if (command === undefined || authenticityRefusal(command, leg, at) !== null) return leg;
  return afterAuthenticityCommand(leg, command, at);
}

/** Why the second case must not follow from the first; null where it may. */
function wrong(leg: AuthenticityCase, next: AuthenticityCase): string | null {
  if (next.phase !== leg.phase && !canMoveAuthenticity(leg.phase, next.phase)) return `${leg.phase} → ${next.phase}`;
  if ((next.deadlineAt === null) !== isTerminalAuthenticityPhase(next.phase)) return 'a phase without an end';
  if (next.partyIds.some((id) => id === next.verifierId)) return 'a party verifies';
  if (isTerminalAuthenticityPhase(leg.phase) && next !== leg) return 'changed after its end';
  return JSON.stringify(JSON.parse(JSON.stringify(next))) === JSON.stringify(next) ? null : 'not JSON';
}

describe('any course of a verifier leg', () => {
  it('moves legally, keeps a deadline until it ends, is verified by no party, and decides once', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 30, size: 'max' }), (steps) => {
        let leg = begun();
        for (const [index, what] of steps.entries()) {
          const next = step(leg, what, day(index / 24));
          const reason = wrong(leg, next);
          if (reason !== null) throw new Error(reason);
          leg = next;
          seen.add(leg.phase);
        }
        const decision = decisionOfCase(leg);
        expect(decision !== null).toBe(isTerminalAuthenticityPhase(leg.phase) && leg.phase !== 'cancelled');
        // Goods on their way to the buyer, or the whole hold back: one of them, never neither.
        if (decision) {
          const goesOn = ['passed', 'accepted', 'price_lowered'].includes(decision.result);
          expect(decision.forwarded !== null).toBe(goesOn);
          expect(decision.refundMinor).toBeGreaterThanOrEqual(0);
          expect(decision.refundMinor).toBeLessThan(leg.itemsMinor);
        }
      }),
      { numRuns: 2_000 },
    );
    expect([...seen].toSorted()).toEqual([...AUTHENTICITY_PHASES].toSorted());
  });

  it('lowers a price out of any hold so that what is left can still be released, to the last minor unit', () => {
    fc.assert(
      fc.property(anyHold, fc.nat(), (amounts, pick) => {
        fc.pre(amounts.grossMinor > 1);
        const amountMinor = 1 + (pick % (amounts.grossMinor - 1));
        const { part, rest } = carveOutAmount(amounts, amountMinor);
        const lowered = holdPriceLowered({ ...hold, buyerId, provider: 'stripe', amountMinor, externalRef: 're_1' });
        const released = holdReleased({ ...hold, sellerId, amounts: rest });
        const { 'hold:esc_00000000000000000000000001': left, ...others } = balancesAfter([lowered, released]);
        expect(left).toBe(-amounts.grossMinor);
        expect(others['world:stripe']).toBe(amountMinor);
        expect(rejoin(part, rest)).toMatchObject({ grossMinor: amounts.grossMinor, itemsMinor: amounts.itemsMinor });
      }),
    );
  });
});
