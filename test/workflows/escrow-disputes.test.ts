/** A hold with contested parts: what freezes, and what goes on. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { workflowMetadataQuery } from '@temporalio/workflow';
import { carrierReportedSignal, escrowSnapshotQuery, escrowTimelineQuery } from '../../workflows/escrow/contract.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/shared/operator-view.ts';
import {
  askToOpen,
  CUP,
  commandsOf,
  type HoldClocks,
  openDispute,
  POT,
  pausedHold,
  type StartedDispute,
  shippedHold,
} from './support/disputes.ts';
import { startWorkflowEnvironment, type WorkflowEnvironment } from './support/environment.ts';
import { type StartedEscrow } from './support/escrows.ts';
import { refusalCode } from './support/history.ts';
import { fromNow, NEVER_MS } from './support/policies.ts';

const SOON_MS = 300;
/** Long enough for a dispute to be opened on a slow machine. */
const TIME_TO_OBJECT_MS = 4_000;

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

describe('a dispute about one line', () => {
  it.concurrent('leaves the rest to its own clocks: released on time while the dispute goes on', async () => {
    const escrow = await pausedHold(environment, SOON_MS);
    const dispute = await open(escrow, POT);
    await escrow.ask('resume');
    await escrow.world.until((world) => world.names().includes('payOut'));
    const { releaseAt, status } = escrow.world.escrow(escrow.input.escrowId);
    expect(status).toBe('released');
    expect(String(escrow.world.changes.at(-1)?.at) >= String(releaseAt)).toBe(true);
    expect(movedOf(escrow)).toEqual({ released: 6_000, refunded: 0, chargedBack: 0 });
    expect((await escrow.handle.query(escrowTimelineQuery)).status).toBe('disputed');
    await decide(escrow, dispute, { outcome: 'refund' });
    expect(await escrow.handle.result()).toEqual({ status: 'split' });
    expect(movedOf(escrow)).toEqual({ released: 6_000, refunded: 4_000, chargedBack: 0 });
    const { escrowId } = escrow.input;
    expect(escrow.world.inputsOf('payOut')).toEqual([{ escrowId, release: 1 }]);
  });

  it.concurrent('ends before the rest, which goes on by itself', async () => {
    const escrow = await shipped({ autoReleaseMs: SOON_MS });
    const dispute = await open(escrow, CUP);
    await decide(escrow, dispute, { outcome: 'split', buyerMinor: 1_000 });
    await settled(escrow, dispute);
    expect((await escrow.handle.query(escrowSnapshotQuery)).status).toBe('shipped');
    await escrow.ask('deliver');
    expect(await escrow.handle.result()).toEqual({ status: 'split' });
    expect(movedOf(escrow)).toEqual({ released: 9_000, refunded: 1_000, chargedBack: 0 });
    const { escrowId } = escrow.input;
    expect(escrow.world.inputsOf('payOut')).toEqual([
      { escrowId, disputeId: dispute.id },
      { escrowId, release: 1 },
    ]);
  });

  it.concurrent('lets people go on with the rest only', async () => {
    const escrow = await shipped();
    const dispute = await open(escrow, POT);
    expect((await escrow.ask('confirm')).status).toBe('disputed');
    expect(movedOf(escrow).released).toBe(6_000);
    await decide(escrow, dispute, { outcome: 'release' });
    expect(await escrow.handle.result()).toEqual({ status: 'released' });
    expect(movedOf(escrow).released).toBe(10_000);
  });

  it.concurrent('leaves the rest to be refunded', async () => {
    const escrow = await shipped();
    const dispute = await open(escrow, POT);
    await escrow.ask('refund');
    await decide(escrow, dispute, { outcome: 'refund' });
    expect(await escrow.handle.result()).toEqual({ status: 'refunded' });
    expect(movedOf(escrow)).toEqual({ released: 0, refunded: 10_000, chargedBack: 0 });
  });

  it.concurrent('says what of the hold is contested, to people and to operators', async () => {
    const escrow = await shipped();
    await open(escrow, POT);
    const { next, status } = await escrow.handle.query(escrowTimelineQuery);
    expect(status).toBe('disputed');
    expect(next.text).toMatch(/^40\.00 USD is contested.*The other 60\.00 USD: The goods are on their way/);
    expect((await escrow.handle.query(workflowMetadataQuery)).currentDetails).toBe(next.text);
    const attributes = (await escrow.handle.describe()).typedSearchAttributes;
    expect(attributes.get(SEARCH_ATTRIBUTES.escrowStatus)).toBe('disputed');
  });
});

describe('two disputes on one hold', () => {
  it.concurrent('end each by itself, on different lines', async () => {
    const escrow = await shipped({ autoReleaseMs: SOON_MS });
    const [first, second] = [await open(escrow, POT), await open(escrow, CUP)];
    await decide(escrow, second, { outcome: 'refund' });
    await settled(escrow, second);
    await decide(escrow, first, { outcome: 'split', buyerMinor: 1 });
    await settled(escrow, first);
    await escrow.ask('deliver');
    expect(await escrow.handle.result()).toEqual({ status: 'split' });
    expect(movedOf(escrow)).toEqual({ released: 6_999, refunded: 3_001, chargedBack: 0 });
  });

  it.concurrent('are not opened about the same units, and a unit is heard once', async () => {
    const escrow = await shipped();
    const first = await open(escrow, POT);
    const pot = { lines: POT, reason: 'damaged' } as const;
    expect(await refusalCode(askToOpen(escrow, pot))).toBe('line_already_disputed');
    const { withdraw } = commandsOf(escrow);
    await first.ask(withdraw());
    await settled(escrow, first);
    expect(await refusalCode(askToOpen(escrow, pot))).toBe('line_already_disputed');
    const cups = { lines: [{ itemId: 'itm_cups', quantity: 3 }], reason: 'damaged' } as const;
    expect(await refusalCode(askToOpen(escrow, cups))).toBe('quantity_out_of_range');
    expect(await refusalCode(askToOpen(escrow, { ...cups, actor: escrow.seller }))).toBe('forbidden');
  });
});

describe('a dispute about all that is left', () => {
  it.concurrent('stops every clock and every command until it has ended', async () => {
    const escrow = await shipped({ deliveredAfterMs: TIME_TO_OBJECT_MS });
    const deliveredBy = Date.parse(String(escrow.world.escrow(escrow.input.escrowId).deliveredBy));
    const dispute = await open(escrow);
    const kinds = ['process', 'ship', 'deliver', 'confirm', 'cancel', 'extend', 'pause', 'resume', 'release', 'refund'];
    for (const kind of kinds as Parameters<StartedEscrow['ask']>[0][]) {
      expect([kind, await refusalCode(escrow.ask(kind))]).toEqual([kind, 'hold_disputed']);
    }
    expect((await escrow.handle.query(escrowSnapshotQuery)).nextAction).toEqual({ kind: 'none', at: null });
    expect((await escrow.handle.query(escrowTimelineQuery)).next.text).toMatch(/^100\.00 USD is contested/);
    const { withdraw } = commandsOf(escrow);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, deliveredBy - Date.now()) + 200));
    await dispute.ask(withdraw());
    await settled(escrow, dispute);
    const stored = escrow.world.escrow(escrow.input.escrowId);
    const [rejoined] = escrow.world.inputsOf('rejoinPart');
    const frozenMs = Date.parse(String(rejoined?.at)) - Date.parse(String(escrow.world.inputsOf('openDispute')[0]?.at));
    expect(stored).toMatchObject({ status: 'shipped', restMinor: 10_000, frozenSince: null });
    expect(Date.parse(String(stored.deliveredBy)) - deliveredBy).toBeGreaterThanOrEqual(frozenMs - 5);
    expect(Date.parse(String(stored.deliveredBy)) - deliveredBy).toBeLessThan(frozenMs + 5);
    await escrow.world.until(() => eventsTold(escrow).includes('escrow.delivered'));
  });

  it.concurrent('within a pause gives the clock the time of the pause, once', async () => {
    const escrow = await environment.escrow();
    await escrow.ask('pause');
    const dispute = await openDispute(environment.client, escrow);
    expect(await refusalCode(escrow.ask('resume'))).toBe('hold_disputed');
    const { withdraw } = commandsOf(escrow);
    const before = escrow.world.escrow(escrow.input.escrowId);
    await dispute.ask(withdraw());
    await settled(escrow, dispute);
    expect(escrow.world.escrow(escrow.input.escrowId).shipBy).toBe(before.shipBy);
    await escrow.ask('resume');
    const [, resumed] = escrow.world.inputsOf('changeEscrow');
    const pausedForMs = Date.parse(String(resumed?.at)) - Date.parse(String(before.pausedAt));
    const movedMs = Date.parse(String(resumed?.shipBy)) - Date.parse(String(before.shipBy));
    expect(Math.abs(movedMs - pausedForMs)).toBeLessThan(20);
  });

  it.concurrent('lets news of the parcel in: its clock starts when the others go on', async () => {
    const escrow = await shipped();
    const dispute = await open(escrow);
    await escrow.handle.signal(carrierReportedSignal, { eventId: 'evt_1', status: 'delivered', at: fromNow(0) });
    await escrow.world.until(() => eventsTold(escrow).includes('escrow.delivered'));
    await decide(escrow, dispute, { outcome: 'dismissal' });
    await settled(escrow, dispute);
    const { releaseAt, status } = escrow.world.escrow(escrow.input.escrowId);
    const [rejoined] = escrow.world.inputsOf('rejoinPart');
    expect(status).toBe('delivered');
    expect(Math.abs(Date.parse(String(releaseAt)) - Date.parse(String(rejoined?.at)) - NEVER_MS)).toBeLessThan(20);
  });
});
