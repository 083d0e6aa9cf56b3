/** The buyer's bank takes a matter up while the hold is there: everything waits for it, and no money goes twice. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { disputeCaseQuery } from '../../workflows/dispute/contract.ts';
import {
  chargebackClosedSignal,
  chargebackOpenedSignal,
  escrowTimelineQuery,
} from '../../workflows/escrow/contract.ts';
import {
  commandsOf,
  type HoldClocks,
  openDispute,
  POT,
  pausedHold,
  type StartedDispute,
  shippedHold,
  started,
} from './support/disputes.ts';
import { startWorkflowEnvironment, type WorkflowEnvironment } from './support/environment.ts';
import type { StartedEscrow } from './support/escrows.ts';
import { refusalCode, untilEvents } from './support/history.ts';

const SOON_MS = 300;

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await startWorkflowEnvironment();
});
afterAll(() => environment.close());

const shipped = (hold?: HoldClocks) => shippedHold(environment, hold);

const opened = ({ handle }: StartedEscrow, amountMinor: number, chargebackId = 'dp_1') =>
  handle.signal(chargebackOpenedSignal, { eventId: `evt_${chargebackId}_opened`, chargebackId, amountMinor });
const closed = ({ handle }: StartedEscrow, result: 'won' | 'lost', chargebackId = 'dp_1') =>
  handle.signal(chargebackClosedSignal, { eventId: `evt_${chargebackId}_closed`, chargebackId, result });
const open = (escrow: StartedEscrow, lines: typeof POT | [] = []) =>
  openDispute(environment.client, escrow, { lines, reason: 'damaged' });
const movedOf = ({ world, input }: StartedEscrow) => world.disputes.movedOf(input.escrowId);
const isWithBank = ({ world }: StartedEscrow, { id }: StartedDispute, is = true) =>
  world.until(({ disputes }) => (disputes.of(id).dispute.bankSince !== null) === is);

/** The dispute that the bank has opened, once it is there. */
async function bankDispute({ world }: StartedEscrow): Promise<StartedDispute> {
  const find = () => [...world.disputes.all.values()].find(({ dispute }) => dispute.openedBy === 'provider');
  await world.until(() => find() !== undefined);
  const found = find();
  if (!found) throw new Error('the bank has opened no dispute');
  return started(environment.client, found.dispute);
}

describe('a chargeback about a hold that nobody contests', () => {
  it.concurrent('freezes what it is about; won, that is back in the hold', async () => {
    const escrow = await shipped({ autoReleaseMs: SOON_MS });
    await opened(escrow, 7_000);
    const { id, opened: dispute } = await bankDispute(escrow);
    expect(dispute).toMatchObject({ reason: 'chargeback', frozenMinor: 7_000 });
    await escrow.world.until((world) => world.escrow(escrow.input.escrowId).restMinor === 3_000);
    await closed(escrow, 'won');
    await escrow.world.until(({ disputes }) => disputes.of(id).settled);
    await escrow.ask('deliver');
    expect(await escrow.handle.result()).toEqual({ status: 'released' });
    expect(movedOf(escrow)).toEqual({ released: 10_000, refunded: 0, chargedBack: 0 });
    const { entries } = await escrow.handle.query(escrowTimelineQuery);
    expect(entries.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['chargeback.opened', 'dispute.opened', 'chargeback.won', 'dispute.rejoined']),
    );
  });

  it.concurrent('lost, the bank has its money and the rest its own clocks', async () => {
    const escrow = await pausedHold(environment, SOON_MS);
    await opened(escrow, 7_000);
    await bankDispute(escrow);
    await escrow.ask('resume');
    await closed(escrow, 'lost');
    expect(await escrow.handle.result()).toEqual({ status: 'split' });
    expect(movedOf(escrow)).toEqual({ released: 3_000, refunded: 0, chargedBack: 7_000 });
    expect(escrow.world.names()).not.toContain('refundPart');
  });

  it.concurrent('wants more than there is: all of the hold, and no more', async () => {
    const escrow = await shipped();
    await opened(escrow, 25_000);
    const { opened: dispute } = await bankDispute(escrow);
    expect(dispute.frozenMinor).toBe(10_000);
    await closed(escrow, 'lost');
    expect(await escrow.handle.result()).toEqual({ status: 'refunded' });
    expect(movedOf(escrow)).toEqual({ released: 0, refunded: 0, chargedBack: 10_000 });
  });

  it.concurrent.each(['won', 'lost'] as const)('is heard of after its end: %s', async (result) => {
    const escrow = await shipped({ autoReleaseMs: SOON_MS });
    await closed(escrow, result);
    await opened(escrow, 10_000);
    if (result === 'won') await escrow.ask('deliver');
    expect(await escrow.handle.result()).toEqual({ status: result === 'won' ? 'released' : 'refunded' });
    expect(escrow.world.names().includes('openBankDispute')).toBe(result === 'lost');
  });

  it.concurrent('is heard of twice: once', async () => {
    const escrow = await shipped();
    await opened(escrow, 2_000);
    await opened(escrow, 2_000);
    await bankDispute(escrow);
    await closed(escrow, 'lost');
    await closed(escrow, 'lost');
    await escrow.world.until((world) => world.names().includes('chargePartBack'));
    expect((await escrow.ask('confirm')).status).toBe('split');
    expect(movedOf(escrow)).toEqual({ released: 8_000, refunded: 0, chargedBack: 2_000 });
  });
});

describe('a chargeback about a part that is contested already', () => {
  it.concurrent('joins: every clock stops, nothing is decided, and won it goes on', async () => {
    const escrow = await shipped();
    const dispute = await open(escrow, POT);
    await opened(escrow, 4_000);
    await isWithBank(escrow, dispute);
    const { respond, verdict } = commandsOf(escrow);
    expect(await refusalCode(dispute.ask(respond()))).toBe('chargeback_open');
    await closed(escrow, 'won');
    await isWithBank(escrow, dispute, false);
    const { deadlineAt } = await dispute.handle.query(disputeCaseQuery);
    expect(String(deadlineAt) > String(dispute.opened.deadlineAt)).toBe(true);
    await dispute.ask(respond());
    await dispute.ask(verdict({ outcome: 'refund' }));
    await escrow.world.until(({ disputes }) => disputes.of(dispute.id).settled);
    expect(movedOf(escrow)).toEqual({ released: 0, refunded: 4_000, chargedBack: 0 });
    expect(escrow.world.names()).not.toContain('openBankDispute');
  });

  it.concurrent('lost ends the dispute: the bank took the money, nobody refunds it again', async () => {
    const escrow = await shipped();
    const dispute = await open(escrow, POT);
    await opened(escrow, 4_000);
    await isWithBank(escrow, dispute);
    await closed(escrow, 'lost');
    expect(await dispute.handle.result()).toEqual({ settlement: { kind: 'charged_back' } });
    await escrow.world.until(({ disputes }) => disputes.of(dispute.id).settled);
    await escrow.ask('confirm');
    expect(await escrow.handle.result()).toEqual({ status: 'split' });
    expect(movedOf(escrow)).toEqual({ released: 6_000, refunded: 0, chargedBack: 4_000 });
    expect(escrow.world.names()).not.toContain('refundPart');
  });

  it.concurrent('takes less than the part: what is left of it is in the hold again', async () => {
    const escrow = await shipped();
    const dispute = await open(escrow, POT);
    await opened(escrow, 1_500);
    await isWithBank(escrow, dispute);
    await closed(escrow, 'lost');
    await escrow.world.until(({ disputes }) => disputes.of(dispute.id).settled);
    await escrow.ask('confirm');
    expect(movedOf(escrow)).toEqual({ released: 8_500, refunded: 0, chargedBack: 1_500 });
  });

  it.concurrent('wants more than is contested: the difference freezes too', async () => {
    const escrow = await shipped();
    const dispute = await open(escrow, POT);
    await opened(escrow, 9_000);
    const bank = await bankDispute(escrow);
    expect(bank.opened.frozenMinor).toBe(5_000);
    await isWithBank(escrow, dispute);
    await closed(escrow, 'lost');
    await escrow.world.until(({ disputes }) => disputes.of(dispute.id).settled && disputes.of(bank.id).settled);
    await escrow.ask('confirm');
    expect(await escrow.handle.result()).toEqual({ status: 'split' });
    expect(movedOf(escrow)).toEqual({ released: 1_000, refunded: 0, chargedBack: 9_000 });
  });

  it.concurrent('comes when the dispute has just been decided: the refund waits for the bank', async () => {
    const escrow = await shipped();
    const dispute = await open(escrow);
    const { respond, verdict } = commandsOf(escrow);
    await dispute.ask(respond());
    // The carrier's news holds the escrow up, so that the bank's word and the verdict's come in one breath.
    const gate = escrow.world.holdNext('changeEscrow');
    await escrow.handle.signal('carrierReported', {
      eventId: 'evt_1',
      status: 'delivered',
      at: new Date().toISOString(),
    });
    await gate.reached;
    await opened(escrow, 10_000);
    await dispute.ask(verdict({ outcome: 'refund' }));
    await dispute.handle.result();
    gate.open();
    await escrow.world.until(({ changes }) => changes.some(({ event }) => event === 'escrow.delivered'));
    await untilEvents(environment.client, escrow.handle.workflowId, 'signalExternalWorkflowExecutionFailed');
    expect(escrow.world.names()).not.toContain('refundPart');
    await closed(escrow, 'lost');
    expect(await escrow.handle.result()).toEqual({ status: 'refunded' });
    expect(movedOf(escrow)).toEqual({ released: 0, refunded: 0, chargedBack: 10_000 });
    expect(escrow.world.names()).not.toContain('refundPart');
  });
});
