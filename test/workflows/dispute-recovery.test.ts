/** Workers that die between a commit and their answer, and disputes that are handed over to a new run. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../db/new-id.ts';
import { afterCommand, beginDispute } from '../../domain/disputes/progress.ts';
import { disputeCaseQuery, disputeTimelineQuery } from '../../workflows/dispute/contract.ts';
import { chargebackClosedSignal, chargebackOpenedSignal } from '../../workflows/escrow/contract.ts';
import { caseIn } from './support/dispute-cases.ts';
import { askToOpen, commandsOf, disputeHandle, openDispute, POT, startDispute } from './support/disputes.ts';
import { startWorkflowEnvironment, type WorkflowEnvironment } from './support/environment.ts';
import type { StartedEscrow } from './support/escrows.ts';
import { eventsOf, refusalCode } from './support/history.ts';
import { startOwnServer } from './support/own-server.ts';
import { disputePolicy, fromNow, holdPolicy } from './support/policies.ts';

/** Some five messages. */
const EVENTS_BEFORE_NEW_RUN = 40;

let environment: WorkflowEnvironment;
beforeAll(async () => {
  const server = await startOwnServer([`limit.historyCount.suggestContinueAsNew=${EVENTS_BEFORE_NEW_RUN}`]);
  environment = await startWorkflowEnvironment({ server });
});
afterAll(() => environment.close());

const movedOf = ({ world, input }: StartedEscrow) => world.disputes.movedOf(input.escrowId);

/** A dispute about the pot that a worker has stored, and died before its escrow's history knew. */
function storeUnknownDispute({ world, input }: StartedEscrow) {
  const { escrowId, buyerId, sellerId, fulfilment, currency } = input;
  const known = { disputeId: newId('dispute'), escrowId, buyerId, sellerId, fulfilment, currency } as const;
  const about = { openedBy: 'buyer', reason: 'damaged', frozenMinor: 4_000, policy: disputePolicy() } as const;
  const dispute = beginDispute({ ...known, ...about }, fromNow(0));
  const row = { dispute, version: 1, units: [...POT], chargebackId: null, settled: false, isFreed: false };
  world.disputes.all.set(dispute.disputeId, row);
  const { version } = world.escrow(escrowId);
  world.store(escrowId, { version: version + 1, restMinor: 6_000, openDisputes: 1 });
  return dispute;
}

describe('a dispute that Postgres knows and its escrow does not', () => {
  it.concurrent('is taken over and run: nothing stays frozen that nobody decides about', async () => {
    const escrow = await environment.escrow();
    const { disputeId } = storeUnknownDispute(escrow);
    expect((await escrow.ask('ship')).status).toBe('disputed');
    const { withdraw } = commandsOf(escrow);
    await escrow.world.until((world) => world.names().includes('unsettledDisputes'));
    const handle = disputeHandle(environment.client, disputeId);
    expect((await handle.executeUpdate<{ phase: string }, [unknown]>('command', { args: [withdraw()] })).phase).toBe(
      'withdrawn',
    );
    await escrow.world.until(({ disputes }) => disputes.of(disputeId).settled);
    expect((await escrow.ask('confirm')).status).toBe('released');
    expect(movedOf(escrow).released).toBe(10_000);
  });

  it.concurrent('and that is asked for again is answered as it is, and started once', async () => {
    const escrow = await environment.escrow();
    const { disputeId } = storeUnknownDispute(escrow);
    expect(await askToOpen(escrow, { disputeId, lines: POT })).toMatchObject({ disputeId, phase: 'seller_response' });
    await escrow.ask('ship');
    expect((await eventsOf(escrow.handle)).filter((name) => name === 'childWorkflowExecutionStarted')).toHaveLength(1);
  });
});

describe('a change of a dispute that Postgres knows and its run does not', () => {
  it.concurrent('makes the request be judged again, against what is stored', async () => {
    const escrow = await environment.escrow();
    const dispute = await openDispute(environment.client, escrow);
    const { respond, verdict, accept } = commandsOf(escrow);
    await dispute.ask(respond());
    const decided = afterCommand(
      await dispute.handle.query(disputeCaseQuery),
      verdict({ outcome: 'refund' }),
      fromNow(0),
    );
    escrow.world.disputes.store(dispute.id, decided);
    expect(await refusalCode(dispute.ask(verdict({ outcome: 'release' })))).toBe('already_decided');
    expect(await refusalCode(dispute.ask(accept('ofr_1')))).toBe('already_decided');
    expect((await dispute.handle.query(disputeCaseQuery)).verdict).toEqual(decided.verdict);
  });

  it.concurrent('answers the request that had made it, and refuses none for its own change', async () => {
    const escrow = await environment.escrow();
    const say = commandsOf(escrow);
    const commands = [say.accept('ofr_seller'), say.takeBack('ofr_seller'), say.withdraw(), say.claim()];
    for (const command of [...commands, say.verdict({ outcome: 'release' })]) {
      const before = caseIn('mediation', escrow.input);
      const dispute = await startDispute(environment.client, escrow, before);
      escrow.world.disputes.store(dispute.id, afterCommand(before, command, fromNow(0)));
      expect([command.kind, await refusalCode(dispute.ask(command))]).toEqual([command.kind, null]);
    }
  });

  it.concurrent('lets the request go on where it is still legal', async () => {
    const escrow = await environment.escrow();
    const dispute = await openDispute(environment.client, escrow);
    const { claim, respond } = commandsOf(escrow);
    escrow.world.disputes.store(dispute.id, afterCommand(dispute.opened, claim(), fromNow(0)), 2);
    expect(await dispute.ask(respond())).toMatchObject({ phase: 'mediation', claimedBy: 'usr_admin' });
    expect(escrow.world.inputsOf('changeDispute').map(({ version }) => version)).toEqual([2, 4]);
  });
});

describe('a part that was settled before the history knew', () => {
  it.concurrent('is not settled again, and still paid out', async () => {
    const policy = holdPolicy({}, { payoutMode: 'per_release' });
    const escrow = await environment.escrow({ policy }, (world) => {
      world.disputes.policy = disputePolicy({ appeal: false });
    });
    const dispute = await openDispute(environment.client, escrow);
    const { respond, verdict } = commandsOf(escrow);
    const gate = escrow.world.holdNext('settlePart');
    await dispute.ask(respond());
    await dispute.ask(verdict({ outcome: 'release' }));
    await gate.reached;
    const { version } = escrow.world.escrow(escrow.input.escrowId);
    escrow.world.disputes.of(dispute.id).settled = true;
    escrow.world.store(escrow.input.escrowId, { version: version + 1, status: 'released', openDisputes: 0 });
    gate.open();
    expect(await escrow.handle.result()).toEqual({ status: 'released' });
    const { escrowId } = escrow.input;
    expect(escrow.world.inputsOf('payOut')).toEqual([{ escrowId, disputeId: dispute.id }]);
  });
});

describe('a new run', () => {
  it.concurrent('of a dispute knows the case, the story and the bank’s matter', async () => {
    const escrow = await environment.escrow();
    const dispute = await openDispute(environment.client, escrow);
    const { offer, respond } = commandsOf(escrow);
    const first = (await dispute.handle.describe()).runId;
    let made = 0;
    while ((await dispute.handle.describe()).runId === first) {
      made += 1;
      await dispute.ask(offer(made));
    }
    const { offers } = await dispute.handle.query(disputeCaseQuery);
    expect(offers).toHaveLength(made);
    expect((await dispute.handle.query(disputeTimelineQuery)).entries).toHaveLength(made + 1);
    expect((await dispute.ask(respond())).phase).toBe('mediation');
    expect(escrow.world.inputsOf('changeDispute').at(-1)).toMatchObject({ version: made + 2 });
  });

  it.concurrent('of an escrow knows its parts, what waits for the bank and who started what', async () => {
    const escrow = await environment.escrow();
    const { handle, world } = escrow;
    await escrow.ask('ship');
    const dispute = await openDispute(environment.client, escrow, { lines: POT, reason: 'damaged' });
    await handle.signal(chargebackOpenedSignal, { eventId: 'evt_1', chargebackId: 'dp_1', amountMinor: 5_000 });
    await world.until((now) => now.escrow(escrow.input.escrowId).openDisputes === 2);
    const first = (await handle.describe()).runId;
    for (let sent = 0; (await handle.describe()).runId === first; sent += 1) {
      const before = world.changes.length;
      await handle.signal('carrierReported', { eventId: `evt_news_${sent}`, status: 'in_transit', at: fromNow(0) });
      await world.until(({ changes }) => changes.length > before);
    }
    await handle.signal(chargebackClosedSignal, { eventId: 'evt_2', chargebackId: 'dp_1', result: 'lost' });
    await world.until(({ disputes }) => [...disputes.all.values()].every(({ settled }) => settled));
    expect(await dispute.handle.result()).toEqual({ settlement: { kind: 'charged_back' } });
    await escrow.ask('confirm');
    expect(await handle.result()).toEqual({ status: 'split' });
    expect(movedOf(escrow)).toEqual({ released: 5_000, refunded: 0, chargedBack: 5_000 });
  });
});
