/** The hold of goods that a verifier sees first: it follows what is found, and waits meanwhile. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../db/new-id.ts';
import {
  authenticityDecidedSignal,
  carrierReportedSignal,
  escrowSnapshotQuery,
  escrowTimelineQuery,
  openDisputeUpdate,
} from '../../workflows/escrow/contract.ts';
import { forward, inspect, legOf, reached, shipped } from './support/authenticity.ts';
import { startWorkflowEnvironment, type WorkflowEnvironment } from './support/environment.ts';
import { carried } from './support/escrows.ts';
import { hiccup } from './support/fake-world.ts';
import { eventsOf, refusalCode } from './support/history.ts';
import { holdPolicy } from './support/policies.ts';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await startWorkflowEnvironment();
});
afterAll(() => environment.close());

const SOON_MS = 300;

describe('what the hold does with what is found', () => {
  it.each(['passed', 'accepted'] as const)('%s: the goods go on, and the clocks to the buyer begin', async (phase) => {
    const escrow = await reached(
      phase,
      await shipped(environment, {}, { policy: holdPolicy({ deliveredAfterMs: SOON_MS }) }),
    );
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
    const escrow = await reached(phase, await shipped(environment));
    expect(await escrow.handle.result()).toEqual({ status: 'refunded' });
    expect(escrow.world.inputsOf('finishRefund')).toHaveLength(1);
    expect(await escrow.leg.result()).toEqual({ phase });
  });

  it('price_lowered: the difference goes back once, and the rest goes on', async () => {
    const escrow = await shipped(environment);
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
    const escrow = await shipped(environment, {}, { policy: holdPolicy({ deliveredAfterMs: 1, autoReleaseMs: 1 }) });
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
    const escrow = await reached('with_verifier', await shipped(environment));
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
    const escrow = await shipped(environment);
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

describe('a run that starts in the middle', () => {
  const atVerifier = { status: 'shipped', shipBy: null, deliveredBy: null } as const;
  const found = {
    eventId: 'e1',
    result: 'passed',
    refundMinor: 0,
    forwarded: { carrier: 'UPS', trackingNumber: '2' },
  } as const;

  it('knows what it waits for', async () => {
    const verifier = { decision: null, lowered: false, left: false };
    const escrow = await environment.escrow({ authenticity: true, carried: carried({ ...atVerifier, verifier }) });
    expect(await refusalCode(escrow.ask('confirm'))).toBe('not_delivered_yet');
    await escrow.handle.signal(authenticityDecidedSignal, found);
    await escrow.world.until(({ changes }) => changes.some(({ event }) => event === 'escrow.forwarded'));
    expect(escrow.world.names()).not.toContain('openAuthenticity');
    expect((await escrow.ask('confirm')).status).toBe('released');
  });

  it('begins the leg where the shipment was stored and its worker died', async () => {
    const escrow = await environment.escrow({ authenticity: true, carried: carried(atVerifier) });
    await escrow.world.until((world) => world.names().includes('openAuthenticity'));
    const leg = legOf(environment, escrow);
    await escrow.ask('refund');
    expect(await leg.result()).toEqual({ phase: 'cancelled' });
  });

  it('lowers the price first, whatever else is asked', async () => {
    const decision = { ...found, result: 'price_lowered', refundMinor: 2_000 } as const;
    const verifier = { decision, lowered: false, left: false };
    const escrow = await environment.escrow({ authenticity: true, carried: carried({ ...atVerifier, verifier }) });
    await escrow.world.until(({ changes }) => changes.some(({ event }) => event === 'escrow.forwarded'));
    expect(escrow.world.changes.map(({ event }) => event)).toEqual(['escrow.price_lowered', 'escrow.forwarded']);
  });
});

describe('a dispute meanwhile', () => {
  it('about everything: what is found waits for it, and the goods’ clocks begin when the hold goes on', async () => {
    const escrow = await reached('to_forward', await shipped(environment));
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
    const escrow = await reached('with_verifier', await shipped(environment));
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
