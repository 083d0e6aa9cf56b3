/** Whatever people, clocks and the bank do to a dispute, in any order: it ends once, legally, with all of its money. */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DISPUTE_COMMANDS, type DisputeCommand, type DisputeCommandKind } from '../../../domain/disputes/commands.ts';
import {
  canMoveDispute,
  type Decision,
  DISPUTE_PHASES,
  type DisputeCase,
  type Settlement,
  settlementOf,
} from '../../../domain/disputes/dispute.ts';
import { afterBankClosed, afterBankOpened, afterDeadline } from '../../../domain/disputes/progress.ts';
import {
  admin,
  buyer,
  commandBy,
  day,
  opened,
  policy,
  race,
  seller,
  stranger,
  untilTheEnd,
  verifier,
} from './support.ts';

/** Anything anybody could do next, sensible or not. */
const anyActor = fc.constantFrom(buyer, seller, admin, verifier, stranger);
const anyDecision = fc.oneof(
  fc.constantFrom('release', 'replacement', 'dismissal', 'refund').map((outcome) => ({ outcome })),
  fc.constant({ outcome: 'refund' as const, returnGoods: true }),
  fc.integer({ min: -1, max: 10_001 }).map((buyerMinor) => ({ outcome: 'split' as const, buyerMinor })),
);
const anyOfferId = fc.constantFrom('ofr_1', 'ofr_2', 'ofr_3');
const anyCommand: fc.Arbitrary<DisputeCommand> = fc.oneof(
  fc.record({ kind: fc.constantFrom('respond', 'message'), actor: anyActor, text: fc.constant('…') }),
  fc.record({
    kind: fc.constant('offer'),
    actor: anyActor,
    offerId: anyOfferId,
    terms: fc.oneof(
      fc.constant({ kind: 'replacement' as const }),
      fc.record({
        kind: fc.constant('split'),
        buyerMinor: fc.integer({ min: -1, max: 10_001 }),
        currency: fc.constantFrom('USD', 'EUR'),
      }),
    ),
  }),
  fc.record({
    kind: fc.constantFrom('acceptOffer', 'declineOffer', 'withdrawOffer'),
    actor: anyActor,
    offerId: anyOfferId,
  }),
  fc.record({ kind: fc.constantFrom('withdraw', 'claim', 'sendReturn', 'confirmReturn'), actor: anyActor }),
  fc.record({
    kind: fc.constantFrom('verdict', 'reviewVerdict'),
    actor: anyActor,
    decision: anyDecision,
    note: fc.constantFrom('', 'So.'),
  }),
  fc.record({ kind: fc.constant('appeal'), actor: anyActor, reason: fc.constantFrom('', 'No.') }),
  fc.record({
    kind: fc.constant('shipReplacement'),
    actor: anyActor,
    carrier: fc.constant('dhl'),
    trackingNumber: fc.constant('1'),
  }),
);
/** Something that belongs to the phase, by somebody it belongs to: random words alone seldom get far. */
const anySensible = fc.record({
  kind: fc.constant('sensible' as const),
  pick: fc.nat(),
  who: fc.nat(),
  decision: anyDecision,
});
type Sensible = { kind: 'sensible'; pick: number; who: number; decision: Decision };
const anyStep = fc.oneof(
  { weight: 4, arbitrary: anyCommand },
  { weight: 4, arbitrary: anySensible },
  { weight: 2, arbitrary: fc.constant('deadline') },
  { weight: 1, arbitrary: fc.constantFrom('bank', 'won', 'lost') },
);
const CHANGING = (Object.keys(DISPUTE_COMMANDS) as DisputeCommandKind[]).filter(
  (kind) => kind !== 'message' && kind !== 'evidence' && kind !== 'withdraw',
);
const PEOPLE = [buyer, seller, admin, verifier];

function sensible(dispute: DisputeCase, { pick, who, decision }: Sensible): DisputeCommand | null {
  const kinds = CHANGING.filter((kind) => DISPUTE_COMMANDS[kind].phases.includes(dispute.phase));
  const kind = kinds[pick % kinds.length];
  if (kind === undefined) return null;
  const actors = PEOPLE.filter(({ role }) => DISPUTE_COMMANDS[kind].roles.includes(role));
  const command = commandBy(kind, actors[who % actors.length] ?? buyer, dispute);
  return 'decision' in command ? { ...command, decision } : command;
}

function step(dispute: DisputeCase, what: DisputeCommand | Sensible | string, at: string): DisputeCase {
  if (what === 'deadline') return afterDeadline(dispute, at);
  if (what === 'bank') return afterBankOpened(dispute, at);
  if (typeof what === 'string') return afterBankClosed(dispute, what === 'won' ? 'won' : 'lost', at);
  const command = what.kind === 'sensible' ? sensible(dispute, what) : what;
  return command === null ? dispute : race(dispute, [command], at).end;
}

describe('any course of a dispute', () => {
  it('moves legally, keeps a deadline until it ends, never changes a final outcome, and settles once within what is frozen', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60, size: 'max' }), fc.boolean(), (steps, hasAppeal) => {
        let dispute = opened({ policy: { ...policy, appeal: hasAppeal } });
        let settled: Settlement | null = null;
        for (const [index, what] of steps.entries()) {
          const next = step(dispute, what, day(index / 24));
          if (next.phase !== dispute.phase && !canMoveDispute(dispute.phase, next.phase)) {
            throw new Error(`${dispute.phase} → ${next.phase}`);
          }
          if ((next.deadlineAt === null) !== (settlementOf(next) !== null)) throw new Error('a phase without an end');
          if (settled !== null && JSON.stringify(settlementOf(next)) !== JSON.stringify(settled))
            throw new Error('settled twice');
          if (next.verdict !== null && [buyer.id, seller.id].includes(next.verdict.by.id)) throw new Error('own judge');
          if (new Set(next.appeals).size !== next.appeals.length || next.appeals.length > 2)
            throw new Error('appealed twice');
          if (JSON.stringify(JSON.parse(JSON.stringify(next))) !== JSON.stringify(next)) throw new Error('not JSON');
          settled = settlementOf(next);
          dispute = next;
          seen.add(next.phase);
        }
        const { end } = untilTheEnd(afterBankClosed(dispute, 'won', day(90)));
        const settlement = settlementOf(end);
        if (settlement?.kind === 'split') {
          expect(settlement.buyerMinor).toBeGreaterThanOrEqual(0);
          expect(settlement.buyerMinor).toBeLessThanOrEqual(end.frozenMinor);
        }
        expect(settlement).not.toBeNull();
      }),
      { numRuns: 3_000 },
    );
    expect([...seen].toSorted()).toEqual([...DISPUTE_PHASES].toSorted());
  });
});
