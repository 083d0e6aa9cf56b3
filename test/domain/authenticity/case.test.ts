import { describe, expect, it } from '@jest/globals';
import {
  AUTHENTICITY_PHASES,
  AUTHENTICITY_TRANSITIONS,
  type AuthenticityPhase,
  decisionOfCase,
  isTerminalAuthenticityPhase,
} from '../../../domain/authenticity/case.ts';
import {
  AUTHENTICITY_COMMANDS,
  type AuthenticityCommand,
  type AuthenticityCommandKind,
  authenticityRefusal,
} from '../../../domain/authenticity/commands.ts';
import { nextAuthenticityAction } from '../../../domain/authenticity/deadlines.ts';
import { explainAuthenticity } from '../../../domain/authenticity/explain.ts';
import {
  afterAuthenticityCommand,
  afterAuthenticityDeadline,
  afterHoldSettled,
} from '../../../domain/authenticity/progress.ts';
import { buyerId, sellerId } from '../postings/support.ts';
import { refusal } from '../support.ts';
import {
  admin,
  after,
  assign,
  begun,
  buyer,
  choose,
  commandOf,
  day,
  forward,
  inPhase,
  inspect,
  otherSellerId,
  otherVerifier,
  receive,
  seller,
  stranger,
  verifier,
} from './support.ts';

const OPEN = AUTHENTICITY_PHASES.filter((phase) => !isTerminalAuthenticityPhase(phase));
const ENDED = AUTHENTICITY_PHASES.filter(isTerminalAuthenticityPhase);
const KINDS = Object.keys(AUTHENTICITY_COMMANDS) as AuthenticityCommandKind[];
const codeOf = (command: AuthenticityCommand, phase: AuthenticityPhase, at = day(1)) =>
  authenticityRefusal(command, inPhase[phase](), at)?.code ?? null;

describe('the phases of a verifier leg', () => {
  it.each(AUTHENTICITY_PHASES)(
    '%s is reached by commands and clocks alone, and has a deadline while it is open',
    (phase) => {
      const leg = inPhase[phase]();
      expect(leg.phase).toBe(phase);
      expect(leg.deadlineAt === null).toBe(isTerminalAuthenticityPhase(phase));
    },
  );

  it('end with the money or the goods for the buyer, or cancelled', () => {
    expect(ENDED).toEqual(['passed', 'accepted', 'price_lowered', 'failed', 'declined', 'overdue', 'cancelled']);
    expect(Object.values(AUTHENTICITY_TRANSITIONS).flat().includes('assigning')).toBe(false);
  });
});

describe('who may ask what, and when', () => {
  it.each(KINDS.flatMap((kind) => AUTHENTICITY_PHASES.map((phase) => [kind, phase] as const)))(
    '%s while %s',
    (kind, phase) => {
      // Before anybody is assigned, nobody is the verifier.
      const isNobodysYet = commandOf[kind].actor.role === 'verifier' && inPhase[phase]().verifierId === null;
      const expected = isNobodysYet
        ? 'forbidden'
        : AUTHENTICITY_COMMANDS[kind].phases.includes(phase)
          ? null
          : isTerminalAuthenticityPhase(phase)
            ? 'already_decided'
            : 'not_your_turn';
      expect(codeOf(commandOf[kind], phase)).toBe(expected);
    },
  );

  it.each(KINDS)('%s is refused to everybody whose right it is not', (kind) => {
    const command = commandOf[kind];
    const phase = AUTHENTICITY_COMMANDS[kind].phases[0] ?? 'assigning';
    const mayAsk = [...AUTHENTICITY_COMMANDS[kind].roles];
    const others = [seller, stranger, otherVerifier, buyer, verifier, admin].filter(
      (actor) => actor === otherVerifier || actor === stranger || !mayAsk.includes(actor.role),
    );
    for (const actor of others) expect([actor, codeOf({ ...command, actor }, phase)]).toEqual([actor, 'forbidden']);
  });

  it.each([
    ['the buyer', buyerId],
    ['the seller', sellerId],
    ['another seller of the same order', otherSellerId],
  ])('%s is never the verifier', (_who, id) => {
    expect(codeOf(assign(id), 'assigning')).toBe('verifier_conflict');
    expect(codeOf({ ...assign(), actor: { role: 'admin', id } }, 'assigning')).toBe('verifier_conflict');
    expect(codeOf({ ...forward, actor: { role: 'admin', id } }, 'to_forward')).toBe('verifier_conflict');
    expect(codeOf({ ...receive, actor: { role: 'verifier', id } }, 'in_transit_to_verifier')).toBe('verifier_conflict');
  });

  it('an admin sends the goods on where the verifier cannot, but inspects nothing', () => {
    expect(codeOf({ ...forward, actor: admin }, 'to_forward')).toBeNull();
    expect(codeOf({ ...inspect('passed'), actor: admin }, 'with_verifier')).toBe('forbidden');
  });

  it.each([
    ['passed without a grade', { finding: 'passed', condition: null }, 'validation_failed'],
    ['not genuine, with a grade', { finding: 'failed', condition: 'mint' }, 'validation_failed'],
    ['without a note', { note: ' ' }, 'reason_required'],
    ['passed, at a lower price', { lowerPriceMinor: 10 }, 'validation_failed'],
    ['a mismatch at no price', { finding: 'mismatch', lowerPriceMinor: 0 }, 'amount_out_of_range'],
    ['a mismatch at the full price', { finding: 'mismatch', lowerPriceMinor: 10_000 }, 'amount_out_of_range'],
    ['a mismatch at a fraction', { finding: 'mismatch', lowerPriceMinor: 1.5 }, 'amount_out_of_range'],
    ['a mismatch one below', { finding: 'mismatch', lowerPriceMinor: 9_999 }, null],
  ] as const)('an inspection: %s', (_what, changes, code) => {
    expect(codeOf({ ...inspect('passed'), ...changes } as AuthenticityCommand, 'with_verifier')).toBe(code);
  });

  it('a lower price can be chosen only where the verifier has named one', () => {
    const withoutPrice = after([assign(), receive, inspect('mismatch')]);
    expect(authenticityRefusal(choose('lower_price'), withoutPrice, day(1))?.code).toBe('outcome_not_offered');
    expect(codeOf(choose('lower_price'), 'mismatch_choice')).toBeNull();
  });

  it('is accepted at the deadline and refused after it; goods may be sent on late', () => {
    for (const kind of ['assign', 'receive', 'inspect', 'choose'] as const) {
      const [phase = 'assigning'] = AUTHENTICITY_COMMANDS[kind].phases;
      const { deadlineAt } = inPhase[phase]();
      const late = new Date(Date.parse(deadlineAt ?? '') + 1).toISOString();
      expect(codeOf(commandOf[kind], phase, deadlineAt ?? '')).toBeNull();
      expect(codeOf(commandOf[kind], phase, late)).toBe('deadline_passed');
      expect(refusal(() => afterAuthenticityCommand(inPhase[phase](), commandOf[kind], late))).toBe('deadline_passed');
    }
    expect(codeOf(forward, 'to_forward', day(90))).toBeNull();
  });
});

describe('the deadlines', () => {
  it.each([
    ['assigning', 'overdue', day(3)],
    ['in_transit_to_verifier', 'overdue', day(7 + 1 / 24)],
    ['with_verifier', 'overdue', day(7 + 2 / 24)],
    ['mismatch_choice', 'declined', day(3 + 3 / 24)],
  ] as const)('%s comes to %s, as announced', (phase, end, at) => {
    const leg = inPhase[phase]();
    expect(nextAuthenticityAction(leg)).toEqual({ kind: 'refund', at });
    const ended = afterAuthenticityDeadline(leg, at);
    expect(ended.phase).toBe(end);
    expect(decisionOfCase(ended)).toEqual({ result: end, refundMinor: 0, forwarded: null });
  });

  it('goods that wait to be sent on wait for as long as it takes: an admin is alerted each time', () => {
    const leg = inPhase.to_forward();
    expect(nextAuthenticityAction(leg)).toEqual({ kind: 'alert', at: day(3 + 3 / 24) });
    const late = afterAuthenticityDeadline(leg, day(4));
    expect(late).toMatchObject({ phase: 'to_forward', alerts: 1, deadlineAt: day(7), result: 'passed' });
    expect(explainAuthenticity(late).next.text).toContain('An admin has been alerted');
    expect(decisionOfCase(late)).toBeNull();
    expect(afterAuthenticityCommand(late, forward, day(30)).phase).toBe('passed');
  });

  it('of the one who is assigned do not start anew with another verifier', () => {
    const [first, second] = [
      inPhase.in_transit_to_verifier(),
      after([assign('usr_00000000000000000000000005')], after([assign()])),
    ];
    expect(second).toEqual({ ...first, verifierId: 'usr_00000000000000000000000005' });
  });
});

describe('what it comes to', () => {
  it.each([
    ['passed', 0],
    ['accepted', 0],
    ['price_lowered', 2_000],
  ] as const)('%s sends the goods on and %d back', (phase, refundMinor) => {
    const forwarded = { carrier: 'DHL', trackingNumber: '2' };
    expect(decisionOfCase(inPhase[phase]())).toEqual({ result: phase, refundMinor, forwarded });
  });

  it.each(['failed', 'declined', 'overdue'] as const)('%s sends nothing on', (phase) => {
    expect(decisionOfCase(inPhase[phase]())).toEqual({ result: phase, refundMinor: 0, forwarded: null });
  });

  it.each([...OPEN, 'cancelled'] as const)('%s decides nothing', (phase) => {
    expect(decisionOfCase(inPhase[phase]())).toBeNull();
  });

  it.each(AUTHENTICITY_PHASES)('a hold that is settled otherwise ends %s only if it is open', (phase) => {
    const leg = inPhase[phase]();
    const ended = afterHoldSettled(leg, day(9));
    if (isTerminalAuthenticityPhase(phase)) expect(ended).toBe(leg);
    else expect(ended).toEqual({ ...leg, phase: 'cancelled', deadlineAt: null });
  });
});

describe('the explanation', () => {
  it.each(AUTHENTICITY_PHASES)('says where %s stands, and names exactly those who can change it', (phase) => {
    const { next, canChange } = explainAuthenticity(inPhase[phase]());
    expect(next.text).toMatch(/\.$/);
    const commands = KINDS.filter((kind) => AUTHENTICITY_COMMANDS[kind].phases.includes(phase));
    expect(canChange.map((move) => move.by)).toEqual(commands.flatMap((kind) => AUTHENTICITY_COMMANDS[kind].roles));
    expect(canChange.length > 0).toBe(!isTerminalAuthenticityPhase(phase));
  });

  it('offers a lower price only where there is one', () => {
    expect(explainAuthenticity(inPhase.mismatch_choice()).next.text).toContain('lower price');
    expect(explainAuthenticity(after([assign(), receive, inspect('mismatch')])).next.text).not.toContain('lower price');
    expect(begun().inspection).toBeNull();
  });
});
