/** The way of a dispute through its escrow: opened, heard, decided, and the money where it was decided. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { disputeTimelineQuery } from '../../workflows/dispute/contract.ts';
import { escrowTimelineQuery } from '../../workflows/escrow/contract.ts';
import { commandsOf, openDispute } from './support/disputes.ts';
import { startWorkflowEnvironment, type WorkflowEnvironment } from './support/environment.ts';
import { disputePolicy, holdPolicy } from './support/policies.ts';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await startWorkflowEnvironment();
});
afterAll(() => environment.close());

describe('a dispute about all of a hold', () => {
  it.concurrent('is opened, answered, decided, final and settled', async () => {
    const escrow = await environment.escrow({ policy: holdPolicy({}, { payoutMode: 'per_release' }) }, (world) => {
      world.disputes.policy = disputePolicy({ appealWindowMs: 300 });
    });
    await escrow.ask('ship');
    const { client } = environment;
    const dispute = await openDispute(client, escrow, { reason: 'damaged' });
    const { respond, verdict } = commandsOf(escrow);
    expect(dispute.opened).toMatchObject({ phase: 'seller_response', frozenMinor: 10_000 });
    expect((await escrow.handle.query(escrowTimelineQuery)).status).toBe('disputed');
    expect((await dispute.ask(respond())).phase).toBe('mediation');
    expect((await dispute.ask(verdict({ outcome: 'split', buyerMinor: 4_000 }))).phase).toBe('decided');
    expect(await dispute.handle.result()).toEqual({ settlement: { kind: 'split', buyerMinor: 4_000 } });
    expect(await escrow.handle.result()).toEqual({ status: 'split' });
    expect(escrow.world.names()).toEqual([
      'changeEscrow',
      'openDispute',
      'changeDispute',
      'changeDispute',
      'changeDispute',
      'changeDispute',
      'refundPart',
      'settlePart',
      'payOut',
    ]);
    expect(escrow.world.inputsOf('payOut')).toEqual([{ escrowId: escrow.input.escrowId, disputeId: dispute.id }]);
    expect((await dispute.handle.query(disputeTimelineQuery)).entries.map(({ type }) => type)).toEqual([
      'dispute.opened',
      'dispute.responded',
      'dispute.decided',
      'dispute.final',
      'dispute.resolved',
    ]);
  });
});
