/** The verifier leg itself: every command in every phase, every deadline, and trouble. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AUTHENTICITY_PHASES, isTerminalAuthenticityPhase } from '../../domain/authenticity/case.ts';
import {
  AUTHENTICITY_COMMANDS,
  type AuthenticityCommand,
  type AuthenticityCommandKind,
} from '../../domain/authenticity/commands.ts';
import type { UserId } from '../../domain/ids.ts';
import { authenticityCaseQuery, authenticityTimelineQuery } from '../../workflows/authenticity/contract.ts';
import { escrowSnapshotQuery } from '../../workflows/escrow/contract.ts';
import {
  admin,
  assign,
  choose,
  forward,
  inspect,
  reached,
  receive,
  shipped,
  verifier,
} from './support/authenticity.ts';
import { startWorkflowEnvironment, type WorkflowEnvironment } from './support/environment.ts';
import type { StartedEscrow } from './support/escrows.ts';
import { refusalCode } from './support/history.ts';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await startWorkflowEnvironment();
});
afterAll(() => environment.close());

const SOON_MS = 300;

const KINDS = Object.keys(AUTHENTICITY_COMMANDS) as AuthenticityCommandKind[];
const commandOf = (kind: AuthenticityCommandKind, escrow: StartedEscrow): AuthenticityCommand =>
  ({ assign, receive, inspect: inspect('passed'), choose: choose(escrow, 'accept'), forward })[kind];

describe('every command in every phase', () => {
  const OPEN = AUTHENTICITY_PHASES.filter((phase) => !isTerminalAuthenticityPhase(phase));
  it.concurrent.each(OPEN)('%s', async (phase) => {
    for (const kind of KINDS) {
      const escrow = await reached(phase, await shipped(environment));
      const command = commandOf(kind, escrow);
      const { verifierId } = await escrow.leg.query(authenticityCaseQuery);
      const isNobodysYet = command.actor.role === 'verifier' && verifierId === null;
      const fits = AUTHENTICITY_COMMANDS[kind].phases.includes(phase);
      const expected = isNobodysYet ? 'forbidden' : fits ? null : 'not_your_turn';
      expect([kind, await refusalCode(escrow.say(command))]).toEqual([kind, expected]);
    }
  });
});

describe('the deadlines', () => {
  it.concurrent.each([
    ['assigning', { assignWithinMs: SOON_MS }, 'overdue', 'authenticity.overdue'],
    ['in_transit_to_verifier', { inspectWithinMs: SOON_MS }, 'overdue', 'authenticity.overdue'],
    ['mismatch_choice', { choiceWithinMs: SOON_MS }, 'declined', 'authenticity.declined'],
  ] as const)('nobody acts in %s: the buyer is refunded', async (phase, policy, end, event) => {
    const escrow = await reached(phase, await shipped(environment, policy));
    expect(await escrow.leg.result()).toEqual({ phase: end });
    expect(escrow.world.authenticity.changes.at(-1)).toMatchObject({ event, phase: end });
    expect(await escrow.handle.result()).toEqual({ status: 'refunded' });
  });

  it.concurrent('nobody inspects: the buyer is refunded', async () => {
    const escrow = await shipped(environment, { inspectWithinMs: 4_000 });
    await reached('with_verifier', escrow);
    expect(await escrow.leg.result()).toEqual({ phase: 'overdue' });
    expect(await escrow.handle.result()).toEqual({ status: 'refunded' });
  });

  it('nobody sends the goods on: an admin is alerted, again and again, and may send them', async () => {
    const escrow = await reached('to_forward', await shipped(environment, { forwardWithinMs: SOON_MS }));
    const alerts = () => escrow.world.authenticity.changes.filter(({ event }) => event === 'authenticity.alerted');
    await escrow.world.until(() => alerts().length >= 2);
    expect((await escrow.leg.query(authenticityTimelineQuery)).next).toMatchObject({ kind: 'alert' });
    expect((await escrow.handle.query(escrowSnapshotQuery)).status).toBe('shipped');
    await escrow.say({ ...forward, actor: admin });
    expect(await escrow.leg.result()).toEqual({ phase: 'passed' });
  });
});

describe('trouble', () => {
  it('a verifier that nobody knows is refused, and the leg goes on', async () => {
    const escrow = await shipped(environment);
    escrow.world.authenticity.unknownVerifiers.add(verifier.id);
    expect(await refusalCode(escrow.say(assign))).toBe('verifier_not_found');
    escrow.world.authenticity.unknownVerifiers.clear();
    expect((await escrow.say(assign)).phase).toBe('in_transit_to_verifier');
  });

  it('a write that another worker had made is taken over, and the request is looked at again', async () => {
    const escrow = await shipped(environment);
    const stored = escrow.world.authenticity.of(escrow.input.escrowId);
    if (!stored) throw new Error('a leg has begun');
    escrow.world.authenticity.store(
      { ...stored.leg, phase: 'to_forward', result: 'passed', verifierId: verifier.id as UserId },
      4,
    );
    expect(await refusalCode(escrow.say(assign))).toBe('not_your_turn');
    expect((await escrow.say(forward)).phase).toBe('passed');
    expect(escrow.world.authenticity.changes.map(({ version }) => version)).toEqual([5]);
  });

  it('of two at once, one is carried out and the other is told what it found', async () => {
    const escrow = await reached('with_verifier', await shipped(environment));
    const gate = escrow.world.holdNext('changeAuthenticity');
    const [first, second] = [refusalCode(escrow.say(inspect('passed'))), refusalCode(escrow.say(inspect('failed')))];
    await gate.reached;
    gate.open();
    const [passed, failed] = await Promise.all([first, second]);
    // Whoever came first was heard. Behind a pass the goods wait to be sent on; behind a failure all is over.
    expect([passed, failed]).toEqual(passed === null ? [null, 'not_your_turn'] : ['already_decided', null]);
  });
});
