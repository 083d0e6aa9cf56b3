/** The verifier leg: every command in every phase, every deadline, and the hold that follows what is found. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { newId } from '../../db/new-id.ts';
import {
  AUTHENTICITY_PHASES,
  type AuthenticityCase,
  type AuthenticityPhase,
  isTerminalAuthenticityPhase,
} from '../../domain/authenticity/case.ts';
import {
  AUTHENTICITY_COMMANDS,
  type AuthenticityCommand,
  type AuthenticityCommandKind,
} from '../../domain/authenticity/commands.ts';
import type { Actor } from '../../domain/escrow.ts';
import type { UserId } from '../../domain/ids.ts';
import type { AuthenticityPolicy } from '../../domain/policy/policy.ts';
import {
  type AuthenticityInput,
  type AuthenticityOutcome,
  authenticityCaseQuery,
  authenticityCommandUpdate,
  authenticityTimelineQuery,
  authenticityWorkflowId,
} from '../../workflows/authenticity/contract.ts';
import {
  authenticityDecidedSignal,
  carrierReportedSignal,
  type EscrowInput,
  escrowSnapshotQuery,
  escrowTimelineQuery,
  openDisputeUpdate,
} from '../../workflows/escrow/contract.ts';
import { startWorkflowEnvironment, type WorkflowEnvironment } from './support/environment.ts';
import type { StartedEscrow } from './support/escrows.ts';
import { hiccup } from './support/fake-world.ts';
import { eventsOf, refusalCode } from './support/history.ts';
import { authenticityPolicy, holdPolicy } from './support/policies.ts';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await startWorkflowEnvironment();
});
afterAll(() => environment.close());

type Leg = WorkflowHandle<(input: AuthenticityInput) => Promise<AuthenticityOutcome>>;
const SOON_MS = 300;
const verifier: Actor = { role: 'verifier', id: newId('user') };
const admin: Actor = { role: 'admin', id: newId('user') };

type Verified = StartedEscrow & { leg: Leg; say(command: AuthenticityCommand): Promise<AuthenticityCase> };

/** An escrow whose seller has just sent the goods to be verified. */
async function shipped(policy: Partial<AuthenticityPolicy> = {}, input: Partial<EscrowInput> = {}): Promise<Verified> {
  const escrow = await environment.escrow({ authenticity: true, ...input }, (world) => {
    world.authenticity.policy = authenticityPolicy(policy);
  });
  await escrow.ask('ship');
  const leg: Leg = environment.client.workflow.getHandle(authenticityWorkflowId(escrow.input.escrowId));
  return { ...escrow, leg, say: (command) => leg.executeUpdate(authenticityCommandUpdate, { args: [command] }) };
}

const assign: AuthenticityCommand = { kind: 'assign', actor: admin, verifierId: verifier.id as UserId };
const receive: AuthenticityCommand = { kind: 'receive', actor: verifier, location: 'Lyon', note: null };
const inspect = (
  finding: 'passed' | 'failed' | 'mismatch',
  lowerPriceMinor: number | null = null,
): AuthenticityCommand => ({
  kind: 'inspect',
  actor: verifier,
  finding,
  condition: finding === 'failed' ? null : 'good',
  note: 'Looked at.',
  lowerPriceMinor,
});
const forward: AuthenticityCommand = { kind: 'forward', actor: verifier, carrier: 'UPS', trackingNumber: '2' };
const choose = ({ buyer }: Pick<StartedEscrow, 'buyer'>, choice: 'accept' | 'lower_price' | 'refund') =>
  ({ kind: 'choose', actor: buyer, choice }) as const;

/** The commands that lead to each phase. */
function pathTo(phase: AuthenticityPhase, escrow: StartedEscrow): AuthenticityCommand[] {
  const arrived = [assign, receive];
  switch (phase) {
    case 'in_transit_to_verifier':
      return [assign];
    case 'with_verifier':
      return arrived;
    case 'mismatch_choice':
      return [...arrived, inspect('mismatch', 8_000)];
    case 'to_forward':
      return [...arrived, inspect('passed')];
    case 'passed':
      return [...arrived, inspect('passed'), forward];
    case 'accepted':
      return [...arrived, inspect('mismatch'), choose(escrow, 'accept'), forward];
    case 'price_lowered':
      return [...arrived, inspect('mismatch', 8_000), choose(escrow, 'lower_price'), forward];
    case 'failed':
      return [...arrived, inspect('failed')];
    case 'declined':
      return [...arrived, inspect('mismatch'), choose(escrow, 'refund')];
    default:
      return [];
  }
}

async function reached(phase: AuthenticityPhase, escrow: Verified): Promise<Verified> {
  for (const command of pathTo(phase, escrow)) await escrow.say(command);
  return escrow;
}

const KINDS = Object.keys(AUTHENTICITY_COMMANDS) as AuthenticityCommandKind[];
const commandOf = (kind: AuthenticityCommandKind, escrow: StartedEscrow): AuthenticityCommand =>
  ({ assign, receive, inspect: inspect('passed'), choose: choose(escrow, 'accept'), forward })[kind];

describe('every command in every phase', () => {
  const OPEN = AUTHENTICITY_PHASES.filter((phase) => !isTerminalAuthenticityPhase(phase));
  it.concurrent.each(OPEN)('%s', async (phase) => {
    for (const kind of KINDS) {
      const escrow = await reached(phase, await shipped());
      const command = commandOf(kind, escrow);
      const { verifierId } = await escrow.leg.query(authenticityCaseQuery);
      const isNobodysYet = command.actor.role === 'verifier' && verifierId === null;
      const fits = AUTHENTICITY_COMMANDS[kind].phases.includes(phase);
      const expected = isNobodysYet ? 'forbidden' : fits ? null : 'not_your_turn';
      expect([kind, await refusalCode(escrow.say(command))]).toEqual([kind, expected]);
    }
  });
});

describe('what the hold does with what is found', () => {
  it.each(['passed', 'accepted'] as const)('%s: the goods go on, and the clocks to the buyer begin', async (phase) => {
    const escrow = await reached(phase, await shipped({}, { policy: holdPolicy({ deliveredAfterMs: SOON_MS }) }));
    expect(await escrow.leg.result()).toEqual({ phase });
    await escrow.world.until(({ changes }) => changes.some(({ event }) => event === 'escrow.delivered'));
    const [sent, forwarded] = escrow.world.inputsOf('changeEscrow');
    expect(sent).toMatchObject({ event: 'escrow.shipped', to: 'shipped', deliveredBy: null, carrier: 'DHL' });
    expect(forwarded).toMatchObject({ event: 'escrow.forwarded', to: 'shipped', carrier: 'UPS', trackingNumber: '2' });
    expect(escrow.world.authenticity.custody).toEqual(['received', 'inspected', 'forwarded']);
    expect((await escrow.ask('confirm')).status).toBe('released');
    expect(await escrow.handle.result()).toEqual({ status: 'released' });
  });

  it.each(['failed', 'declined'] as const)('%s: the buyer gets the money back', async (phase) => {
    const escrow = await reached(phase, await shipped());
    expect(await escrow.handle.result()).toEqual({ status: 'refunded' });
    expect(escrow.world.inputsOf('finishRefund')).toHaveLength(1);
    expect(await escrow.leg.result()).toEqual({ phase });
  });

  it('price_lowered: the difference goes back once, and the rest goes on', async () => {
    const escrow = await shipped();
    escrow.world.failNext('lowerPrice', hiccup());
    await reached('price_lowered', escrow);
    await escrow.world.until(({ changes }) => changes.some(({ event }) => event === 'escrow.forwarded'));
    expect(escrow.world.inputsOf('refundLowerPrice')).toEqual([
      { escrowId: escrow.input.escrowId, amountMinor: 2_000 },
    ]);
    expect(escrow.world.inputsOf('lowerPrice').at(-1)).toMatchObject({ amountMinor: 2_000, refundId: 're_lower' });
    expect(escrow.world.changes.map(({ event }) => event)).toEqual([
      'escrow.shipped',
      'escrow.price_lowered',
      'escrow.forwarded',
    ]);
    expect(escrow.world.escrow(escrow.input.escrowId).restMinor).toBe(8_000);
    await escrow.ask('confirm');
    expect((await escrow.handle.result()).status).not.toBe('refunded');
  });

  it('while the goods are verified, no clock of the hold runs, and delivered to the verifier is not delivered', async () => {
    const escrow = await shipped({}, { policy: holdPolicy({ deliveredAfterMs: 1, autoReleaseMs: 1 }) });
    const fact = { eventId: 'evt_1', status: 'delivered', at: new Date().toISOString() } as const;
    await escrow.handle.signal(carrierReportedSignal, fact);
    expect(await escrow.handle.query(escrowSnapshotQuery)).toMatchObject({
      status: 'shipped',
      nextAction: { kind: 'none', at: null },
    });
    expect((await escrow.handle.query(escrowTimelineQuery)).next.text).toContain('verifier');
    expect(await refusalCode(escrow.ask('confirm'))).toBe('not_delivered_yet');
    expect(await refusalCode(escrow.ask('deliver'))).toBe('illegal_transition');
    expect(await refusalCode(escrow.ask('extend'))).toBe('illegal_transition');
    expect(await refusalCode(escrow.ask('ship'))).toBe('already_shipped');
  });

  it('a hold that an admin settles ends the leg, and whoever verifies is told so', async () => {
    const escrow = await reached('with_verifier', await shipped());
    expect((await escrow.ask('refund')).status).toBe('refunded');
    expect(await escrow.leg.result()).toEqual({ phase: 'cancelled' });
    expect(await refusalCode(escrow.say(inspect('passed'))).catch(() => 'ended')).toBe('ended');
  });

  it('goods that go straight to the buyer have no leg', async () => {
    const escrow = await environment.escrow();
    await escrow.ask('ship');
    expect(escrow.world.names()).not.toContain('openAuthenticity');
    expect(await eventsOf(escrow.handle)).not.toContain('startChildWorkflowExecutionInitiated');
  });

  it('a finding that says nothing sensible, or comes twice, changes nothing', async () => {
    const escrow = await shipped();
    const odd = [
      {},
      { eventId: 'e1', result: 'lost', refundMinor: 0, forwarded: null },
      { eventId: 'e2', result: 'failed' },
    ];
    for (const fact of odd) await escrow.handle.signal<[unknown]>(authenticityDecidedSignal.name, fact);
    expect((await escrow.handle.query(escrowSnapshotQuery)).status).toBe('shipped');
    const found = { eventId: 'e3', result: 'failed', refundMinor: 0, forwarded: null } as const;
    await escrow.handle.signal(authenticityDecidedSignal, found);
    await escrow.handle.signal(authenticityDecidedSignal, found).catch(() => undefined);
    expect(await escrow.handle.result()).toEqual({ status: 'refunded' });
    expect(escrow.world.inputsOf('refundHold')).toHaveLength(1);
  });
});

describe('the deadlines', () => {
  it.concurrent.each([
    ['assigning', { assignWithinMs: SOON_MS }, 'overdue', 'authenticity.overdue'],
    ['in_transit_to_verifier', { inspectWithinMs: SOON_MS }, 'overdue', 'authenticity.overdue'],
    ['mismatch_choice', { choiceWithinMs: SOON_MS }, 'declined', 'authenticity.declined'],
  ] as const)('nobody acts in %s: the buyer is refunded', async (phase, policy, end, event) => {
    const escrow = await reached(phase, await shipped(policy));
    expect(await escrow.leg.result()).toEqual({ phase: end });
    expect(escrow.world.authenticity.changes.at(-1)).toMatchObject({ event, phase: end });
    expect(await escrow.handle.result()).toEqual({ status: 'refunded' });
  });

  it('nobody inspects: the buyer is refunded', async () => {
    const escrow = await shipped({ inspectWithinMs: 1_500 });
    await reached('with_verifier', escrow);
    expect(await escrow.leg.result()).toEqual({ phase: 'overdue' });
    expect(await escrow.handle.result()).toEqual({ status: 'refunded' });
  });

  it('nobody sends the goods on: an admin is alerted, again and again, and may send them', async () => {
    const escrow = await reached('to_forward', await shipped({ forwardWithinMs: SOON_MS }));
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
    const escrow = await shipped();
    escrow.world.authenticity.unknownVerifiers.add(verifier.id);
    expect(await refusalCode(escrow.say(assign))).toBe('verifier_not_found');
    escrow.world.authenticity.unknownVerifiers.clear();
    expect((await escrow.say(assign)).phase).toBe('in_transit_to_verifier');
  });

  it('a write that another worker had made is taken over, and the request is looked at again', async () => {
    const escrow = await shipped();
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
    const escrow = await reached('with_verifier', await shipped());
    const gate = escrow.world.holdNext('changeAuthenticity');
    const [first, second] = [refusalCode(escrow.say(inspect('passed'))), refusalCode(escrow.say(inspect('failed')))];
    await gate.reached;
    gate.open();
    expect((await Promise.all([first, second])).toSorted()).toEqual(['not_your_turn', null].toSorted());
  });
});

describe('a dispute meanwhile', () => {
  it('about everything: what is found waits for it, and the goods’ clocks begin when the hold goes on', async () => {
    const escrow = await reached('to_forward', await shipped());
    const dispute = await escrow.handle.executeUpdate(openDisputeUpdate, {
      args: [
        {
          disputeId: newId('dispute'),
          actor: escrow.buyer,
          reason: 'counterfeit',
          description: 'I doubt it.',
          lines: [],
        },
      ],
    });
    expect(dispute.frozenMinor).toBe(10_000);
    await escrow.say(forward);
    await escrow.world.until(({ changes }) => changes.some(({ event }) => event === 'escrow.forwarded'));
    expect((await escrow.handle.query(escrowSnapshotQuery)).status).toBe('disputed');
  });

  it('about everything, and not genuine: what comes back into the hold goes back to the buyer', async () => {
    const escrow = await reached('with_verifier', await shipped());
    const disputeId = newId('dispute');
    await escrow.handle.executeUpdate(openDisputeUpdate, {
      args: [{ disputeId, actor: escrow.buyer, reason: 'counterfeit', description: 'I doubt it.', lines: [] }],
    });
    await escrow.say(inspect('failed'));
    expect(await escrow.leg.result()).toEqual({ phase: 'failed' });
    expect(escrow.world.names()).not.toContain('refundHold');
    await environment.client.workflow
      .getHandle(`dispute/${disputeId}`)
      .executeUpdate('command', { args: [{ kind: 'withdraw', actor: escrow.buyer }] });
    expect(await escrow.handle.result()).toEqual({ status: 'refunded' });
  });
});
