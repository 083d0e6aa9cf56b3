/** How disputes are opened at a hold, and how contested parts come back into it. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../db/new-id.ts';
import { escrowSnapshotQuery } from '../../workflows/escrow/contract.ts';
import {
  askToOpen,
  CUP,
  commandsOf,
  disputeHandle,
  type HoldClocks,
  openDispute,
  openingHeard,
  POT,
  pausedHold,
  type StartedDispute,
  shippedHold,
} from './support/disputes.ts';
import { startWorkflowEnvironment, type WorkflowEnvironment } from './support/environment.ts';
import { carried, type StartedEscrow } from './support/escrows.ts';
import { eventsOf, refusalCode } from './support/history.ts';
import { disputePolicy, fromNow, holdPolicy, NEVER_MS } from './support/policies.ts';

const SOON_MS = 300;

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await startWorkflowEnvironment();
});
afterAll(() => environment.close());

const shipped = (hold?: HoldClocks) => shippedHold(environment, hold);

const open = (escrow: StartedEscrow, lines: readonly { itemId: string; quantity: number }[] = []) =>
  openDispute(environment.client, escrow, { lines, reason: 'damaged' });

/** The seller answers, a reviewer decides. */
async function decide(escrow: StartedEscrow, dispute: StartedDispute, outcome: Decision): Promise<void> {
  const { respond, verdict } = commandsOf(escrow);
  await dispute.ask(respond());
  await dispute.ask(verdict(outcome));
}
type Decision = Parameters<ReturnType<typeof commandsOf>['verdict']>[0];

const movedOf = ({ world, input }: StartedEscrow) => world.disputes.movedOf(input.escrowId);
const settled = ({ world }: StartedEscrow, { id }: StartedDispute) =>
  world.until(({ disputes }) => disputes.of(id).settled);
const eventsTold = ({ world }: StartedEscrow) => world.changes.map(({ event }) => event);

describe('a part that comes back', () => {
  it.concurrent('while the rest is there goes on with it', async () => {
    const escrow = await shipped();
    const dispute = await open(escrow, POT);
    await decide(escrow, dispute, { outcome: 'dismissal' });
    await settled(escrow, dispute);
    expect((await escrow.ask('confirm')).status).toBe('released');
    expect(movedOf(escrow).released).toBe(10_000);
    await escrow.handle.result();
    expect(escrow.world.inputsOf('payOut')).toEqual([{ escrowId: escrow.input.escrowId, release: 1 }]);
  });

  it.concurrent('after the release of the rest is released at once, and paid out by itself', async () => {
    const escrow = await pausedHold(environment, SOON_MS);
    const dispute = await open(escrow, POT);
    await escrow.ask('resume');
    await escrow.world.until((world) => world.names().includes('releaseHold'));
    await decide(escrow, dispute, { outcome: 'dismissal' });
    expect(await escrow.handle.result()).toEqual({ status: 'released' });
    expect(escrow.world.inputsOf('rejoinPart')).toMatchObject([{ to: 'delivered' }]);
    const { escrowId } = escrow.input;
    expect(escrow.world.inputsOf('payOut')).toEqual([
      { escrowId, release: 1 },
      { escrowId, release: 2 },
    ]);
    expect(movedOf(escrow)).toEqual({ released: 10_000, refunded: 0, chargedBack: 0 });
  });

  it.concurrent('after the refund of the rest that was not shipped is refunded too', async () => {
    const escrow = await environment.escrow({ carried: carried({ shipBy: fromNow(SOON_MS), pausedAt: fromNow(0) }) });
    const dispute = await openDispute(environment.client, escrow, { lines: POT });
    await escrow.ask('resume');
    await escrow.world.until((world) => world.names().includes('finishRefund'));
    const { withdraw } = commandsOf(escrow);
    await dispute.ask(withdraw());
    expect(await escrow.handle.result()).toEqual({ status: 'refunded' });
    expect(movedOf(escrow).refunded).toBe(10_000);
    expect(escrow.world.inputsOf('refundHold')).toHaveLength(2);
  });
});

describe('a replacement', () => {
  async function replaced(escrow: StartedEscrow, lines?: Parameters<typeof open>[1]): Promise<StartedDispute> {
    const dispute = await open(escrow, lines);
    const { offer, accept, shipReplacement } = commandsOf(escrow);
    const proposed = offer(0);
    await dispute.ask({ ...proposed, kind: 'offer', offerId: 'ofr_1', terms: { kind: 'replacement' } });
    await dispute.ask(accept('ofr_1'));
    await escrow.world.until(({ disputes }) => disputes.of(dispute.id).dispute.phase === 'awaiting_replacement');
    await dispute.ask(shipReplacement());
    return dispute;
  }

  it.concurrent('for all of the hold is a shipment like the first', async () => {
    const escrow = await environment.escrow({
      policy: holdPolicy({ deliveredAfterMs: SOON_MS, autoReleaseMs: SOON_MS }),
      carried: carried({ status: 'shipped', deliveredBy: fromNow(NEVER_MS) }),
    });
    const dispute = await replaced(escrow);
    expect(await escrow.handle.result()).toEqual({ status: 'released' });
    const [rejoined] = escrow.world.inputsOf('rejoinPart');
    expect(rejoined).toMatchObject({
      to: 'shipped',
      shipBy: null,
      releaseAt: null,
      disputeId: dispute.id,
      replacement: { carrier: 'DHL', trackingNumber: '2' },
    });
    expect(eventsTold(escrow).slice(-3)).toEqual(['dispute.rejoined', 'escrow.delivered', 'escrow.released']);
  });

  it.concurrent('for a part does not delay the rest: it waits until that is released', async () => {
    const escrow = await shipped();
    const first = await replaced(escrow, POT);
    await first.handle.result();
    expect((await escrow.handle.query(escrowSnapshotQuery)).status).toBe('disputed');
    expect(escrow.world.names()).not.toContain('rejoinPart');
    await escrow.ask('confirm');
    await escrow.world.until((world) => world.names().includes('rejoinPart'));
    const told = eventsTold(escrow);
    expect(told.indexOf('escrow.released')).toBeLessThan(told.indexOf('dispute.rejoined'));
    await escrow.world.until(() => escrow.world.escrow(escrow.input.escrowId).status === 'shipped');
    // Its goods can be disputed again.
    const again = await open(escrow, POT);
    await decide(escrow, again, { outcome: 'refund' });
    expect(await escrow.handle.result()).toEqual({ status: 'split' });
    expect(movedOf(escrow)).toEqual({ released: 6_000, refunded: 4_000, chargedBack: 0 });
  });
});

describe('opening', () => {
  it.concurrent('the same dispute twice is once', async () => {
    const escrow = await shipped();
    const disputeId = newId('dispute');
    const ask = () => askToOpen(escrow, { disputeId, lines: POT, reason: 'damaged' });
    const [one, other] = await Promise.all([ask(), ask()]);
    expect(one).toEqual(other);
    await disputeHandle(environment.client, disputeId).query('case');
    expect((await eventsOf(escrow.handle)).filter((name) => name === 'childWorkflowExecutionStarted')).toHaveLength(1);
    expect(eventsTold(escrow).filter((event) => event === 'dispute.opened')).toHaveLength(1);
  });

  it.concurrent('charges an authorised card first', async () => {
    const payment = { paymentId: newId('payment'), captured: false, captureBefore: fromNow(NEVER_MS) };
    const escrow = await environment.escrow({ payment });
    await openDispute(environment.client, escrow);
    expect(escrow.world.names()).toEqual(['captureHold', 'markCaptured', 'openDispute']);
  });

  it.concurrent('finds an authorisation lapsed: the hold goes back as it always does', async () => {
    const payment = { paymentId: newId('payment'), captured: false, captureBefore: fromNow(NEVER_MS) };
    const escrow = await environment.escrow({ payment }, (world) => {
      world.lapsed = true;
    });
    expect(await refusalCode(askToOpen(escrow))).toBe('dispute_window_closed');
    expect(await escrow.handle.result()).toEqual({ status: 'refunded' });
    expect(escrow.world.names()).toEqual(['captureHold', 'changeEscrow', 'refundHold', 'finishRefund']);
  });

  it.concurrent('is refused when the time is over, and where the channel has no disputes', async () => {
    const late = await environment.escrow({
      carried: carried({ status: 'delivered', releaseAt: fromNow(NEVER_MS) }),
    });
    late.world.store(late.input.escrowId, { releaseAt: fromNow(-1) });
    expect(await refusalCode(askToOpen(late))).toBe('hold_already_releasing');
    late.world.disputes.policy = disputePolicy({ outcomes: [] });
    expect(await refusalCode(askToOpen(late))).toBe('disputes_not_offered');
    expect(await refusalCode(askToOpen(await environment.escrow(), { reason: 'damaged' }))).toBe('not_delivered_yet');
  });

  it.concurrent('waits for its turn behind a refund that takes long, and is told how that ended', async () => {
    const escrow = await shipped();
    const gate = escrow.world.holdNext('refundHold');
    const refunding = escrow.ask('refund');
    await gate.reached;
    const opening = await openingHeard(escrow, { reason: 'damaged' });
    gate.open();
    await refunding;
    expect(await refusalCode(opening.result())).toBe('dispute_window_closed');
  });

  it.concurrent('a payout that takes long holds up no objection to another part', async () => {
    const escrow = await shipped();
    const first = await open(escrow, POT);
    const gate = escrow.world.holdNext('payOut');
    await decide(escrow, first, { outcome: 'release' });
    await gate.reached;
    const second = await open(escrow, CUP);
    expect(second.opened.phase).toBe('seller_response');
    await decide(escrow, second, { outcome: 'refund' });
    await escrow.ask('confirm');
    gate.open();
    expect(await escrow.handle.result()).toEqual({ status: 'split' });
  });
});
