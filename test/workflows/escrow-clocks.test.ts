/** Everything an escrow does by itself: each clock, moved and stopped, and the news that moves it. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../db/new-id.ts';
import { carrierReportedSignal, digitalAccessedSignal, escrowSnapshotQuery } from '../../workflows/escrow/contract.ts';
import { startWorkflowEnvironment, type WorkflowEnvironment } from './support/environment.ts';
import { carried, type StartedEscrow } from './support/escrows.ts';
import { eventsOf, refusalCode, untilEvents } from './support/history.ts';
import { fromNow, holdPolicy, NEVER_MS } from './support/policies.ts';

const SOON_MS = 150;

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await startWorkflowEnvironment();
});
afterAll(() => environment.close());

const authorised = (captureBefore: string) => ({ paymentId: newId('payment'), captured: false, captureBefore });
const reasonsOf = ({ world }: StartedEscrow) =>
  world.inputsOf('changeEscrow').map(({ event, reason }) => [event, reason]);
const news = (escrow: StartedEscrow, status: 'in_transit' | 'delivered', eventId: string = newId('event')) =>
  escrow.handle.signal(carrierReportedSignal, { eventId, status, at: fromNow(0) });

describe('physical goods', () => {
  it.concurrent('not shipped in time are cancelled and refunded', async () => {
    const escrow = await environment.escrow({ policy: holdPolicy({ shipWithinMs: SOON_MS }) });
    expect(await escrow.handle.result()).toEqual({ status: 'refunded' });
    expect(escrow.world.names()).toEqual(['changeEscrow', 'refundHold', 'finishRefund']);
    expect(reasonsOf(escrow)).toEqual([['escrow.refunding', 'not shipped in time']]);
  });

  it.concurrent('in preparation but not shipped in time are refunded too', async () => {
    const escrow = await environment.escrow({ carried: carried({ status: 'processing', shipBy: fromNow(SOON_MS) }) });
    expect(await escrow.handle.result()).toEqual({ status: 'refunded' });
  });

  it.concurrent('without news count as delivered, and are released when the buyer is silent', async () => {
    const policy = holdPolicy({ deliveredAfterMs: SOON_MS, autoReleaseMs: SOON_MS });
    const escrow = await environment.escrow({ policy });
    await escrow.ask('ship');
    expect(await escrow.handle.result()).toEqual({ status: 'released' });
    expect(reasonsOf(escrow)).toEqual([
      ['escrow.shipped', null],
      ['escrow.delivered', 'no news from the carrier'],
    ]);
    expect(escrow.world.inputsOf('releaseHold')).toMatchObject([{ reason: 'the buyer did not object in time' }]);
    expect(escrow.world.names()).not.toContain('payOut');
  });

  it.concurrent('whose deadline was over before the workers were back are dealt with at once', async () => {
    const escrow = await environment.escrow({
      carried: carried({ status: 'delivered', releaseAt: fromNow(-NEVER_MS) }),
    });
    expect(await escrow.handle.result()).toEqual({ status: 'released' });
  });

  it.concurrent('that the carrier reports as delivered start the release clock, once', async () => {
    const escrow = await environment.escrow({ policy: holdPolicy({ autoReleaseMs: SOON_MS }) });
    await news(escrow, 'delivered');
    await escrow.ask('ship');
    await Promise.all([
      news(escrow, 'delivered', 'evt_1'),
      news(escrow, 'delivered', 'evt_1'),
      news(escrow, 'delivered'),
    ]);
    expect(await escrow.handle.result()).toEqual({ status: 'released' });
    expect(reasonsOf(escrow).map(([event]) => event)).toEqual(['escrow.shipped', 'escrow.delivered']);
  });

  it.concurrent('on their way get a fresh clock with each sign of life', async () => {
    const escrow = await environment.escrow({
      carried: carried({ status: 'shipped', deliveredBy: fromNow(NEVER_MS) }),
    });
    const before = await escrow.handle.query(escrowSnapshotQuery);
    await news(escrow, 'in_transit', 'evt_1');
    await news(escrow, 'in_transit', 'evt_1');
    await escrow.world.until((world) => world.names().length > 0);
    const after = await escrow.handle.query(escrowSnapshotQuery);
    expect(after.status).toBe('shipped');
    expect(Date.parse(after.nextAction.at ?? '')).toBeGreaterThan(Date.parse(before.nextAction.at ?? ''));
    expect(escrow.world.inputsOf('changeEscrow')).toHaveLength(1);
  });

  it.concurrent('are not moved by facts that are none', async () => {
    const escrow = await environment.escrow({
      carried: carried({ status: 'shipped', deliveredBy: fromNow(NEVER_MS) }),
    });
    for (const fact of [undefined, null, {}, { eventId: 1 }, { eventId: 'evt', at: 'yesterday' }]) {
      await escrow.handle.signal('carrierReported', fact);
      await escrow.handle.signal('digitalAccessed', fact);
    }
    expect((await escrow.ask('confirm')).status).toBe('released');
    expect(escrow.world.names()).toEqual(['releaseHold']);
  });
});

describe('a deadline', () => {
  it.concurrent('that an admin moves rings at the new instant, not at the old one', async () => {
    const escrow = await environment.escrow({ policy: holdPolicy({ shipWithinMs: 4_000 }) });
    await untilEvents(environment.client, escrow.handle.workflowId, 'timerStarted');
    const until = fromNow(5_500);
    expect((await escrow.ask('extend', { until })).nextAction.at).toBe(until);
    await escrow.handle.result();
    const [, refunding] = escrow.world.inputsOf('changeEscrow');
    expect(Date.parse(String(refunding?.at))).toBeGreaterThanOrEqual(Date.parse(until));
    const timers = (await eventsOf(escrow.handle)).filter((name) => name.startsWith('timer'));
    expect(timers.toSorted()).toEqual(['timerCanceled', 'timerFired', 'timerStarted', 'timerStarted']);
  });

  it.concurrent('can be centuries away, but not beyond what can be written down', async () => {
    const escrow = await environment.escrow();
    expect(await refusalCode(escrow.ask('extend', { until: '+275760-09-13T00:00:00.000Z' }))).toBe('validation_failed');
    await escrow.ask('extend', { until: '8999-12-31T23:59:59.999Z' });
    await escrow.ask('pause');
    await escrow.ask('resume');
    expect((await escrow.ask('ship')).status).toBe('shipped');
    expect(await eventsOf(escrow.handle)).not.toContain('timerFired');
  });

  it.concurrent('is only moved to a later instant', async () => {
    const escrow = await environment.escrow();
    expect(await refusalCode(escrow.ask('extend', { until: fromNow(NEVER_MS / 2) }))).toBe('deadline_not_later');
    expect(await refusalCode(escrow.ask('extend', { until: 'soon' }))).toBe('deadline_not_later');
    expect(escrow.world.calls).toEqual([]);
  });

  it.concurrent('does not ring while paused, and afterwards has the time it had left', async () => {
    const escrow = await environment.escrow({ policy: holdPolicy({ shipWithinMs: 4_000 }) });
    const before = await escrow.handle.query(escrowSnapshotQuery);
    expect(await escrow.ask('pause')).toMatchObject({ paused: true, nextAction: { kind: 'none', at: null } });
    const resumed = await escrow.ask('resume');
    // As stored: a task that is done again asks for its change again, which then stores nothing.
    const [paused, running] = escrow.world.changes.map(({ at }) => Date.parse(at));
    const pausedForMs = Number(running) - Number(paused);
    const shiftedByMs = Date.parse(resumed.nextAction.at ?? '') - Date.parse(before.nextAction.at ?? '');
    expect(Math.abs(shiftedByMs - pausedForMs)).toBeLessThanOrEqual(2);
    expect(resumed.paused).toBe(false);
    expect(await escrow.handle.result()).toEqual({ status: 'refunded' });
  });

  it.concurrent('that is over during a pause rings when the pause is', async () => {
    const policy = holdPolicy({ autoReleaseMs: SOON_MS });
    const pausedAt = fromNow(-60_000);
    const story = carried({ status: 'delivered', releaseAt: fromNow(-60_000 + SOON_MS), pausedAt });
    const escrow = await environment.escrow({ policy, carried: story });
    await escrow.ask('resume');
    expect(await escrow.handle.result()).toEqual({ status: 'released' });
  });

  it.concurrent('that starts during a pause counts from the end of the pause', async () => {
    const pausedAt = fromNow(-60_000);
    const story = carried({ status: 'shipped', deliveredBy: fromNow(NEVER_MS), pausedAt });
    const escrow = await environment.escrow({ carried: story });
    await news(escrow, 'delivered');
    const { nextAction } = await escrow.ask('resume');
    const leftMs = Date.parse(nextAction.at ?? '') - Date.now();
    expect(Math.abs(leftMs - NEVER_MS)).toBeLessThan(10_000);
  });
});

describe('a card authorisation', () => {
  const policy = holdPolicy({ captureBeforeExpiryMs: 60_000 });

  it.concurrent('is captured before it lapses, and the money stays held', async () => {
    const escrow = await environment.escrow({ policy, payment: authorised(fromNow(60_000 + SOON_MS)) });
    await escrow.world.until((world) => world.names().includes('markCaptured'));
    expect((await escrow.ask('ship')).status).toBe('shipped');
    expect(escrow.world.names()).toEqual(['captureHold', 'markCaptured', 'changeEscrow']);
    await escrow.ask('confirm');
    expect(escrow.world.names().slice(3)).toEqual(['releaseHold']);
  });

  it.concurrent('is captured even while the hold is paused', async () => {
    const story = carried({ captured: false, captureAt: fromNow(SOON_MS), pausedAt: fromNow(0) });
    const escrow = await environment.escrow({ payment: authorised(fromNow(60_000)), carried: story });
    await escrow.world.until((world) => world.names().includes('markCaptured'));
    expect(await escrow.handle.query(escrowSnapshotQuery)).toMatchObject({ status: 'held', paused: true });
  });

  it.concurrent('that has lapsed sends nothing to the seller: the order is refunded', async () => {
    const changes = { policy, payment: authorised(fromNow(60_000 + SOON_MS)) };
    const escrow = await environment.escrow(changes, (world) => void (world.lapsed = true));
    expect(await escrow.handle.result()).toEqual({ status: 'refunded' });
    expect(escrow.world.names()).toEqual(['captureHold', 'changeEscrow', 'refundHold', 'finishRefund']);
    expect(escrow.world.inputsOf('finishRefund')).toMatchObject([{ authorisedOnly: true, refundId: null }]);
  });

  it.concurrent('that is still open is charged with the release', async () => {
    const escrow = await environment.escrow({ policy, payment: authorised(fromNow(NEVER_MS)) });
    await escrow.ask('ship');
    expect((await escrow.ask('confirm')).status).toBe('released');
    const steps = ['changeEscrow', 'changeEscrow', 'captureHold', 'markCaptured', 'releaseHold'];
    expect(escrow.world.names()).toEqual(steps);
  });

  it.concurrent('that lapses in the moment of release is refunded', async () => {
    const changes = { policy, payment: authorised(fromNow(NEVER_MS)) };
    const escrow = await environment.escrow(changes, (world) => void (world.lapsed = true));
    expect((await escrow.ask('release')).status).toBe('refunded');
    expect(reasonsOf(escrow)).toEqual([
      ['escrow.releasing', 'because of the test'],
      ['escrow.refunding', 'the card authorisation had lapsed'],
    ]);
  });
});

describe('digital goods', () => {
  const digital = (releaseAfterMs: number, releaseAfterAccessMs: number) => ({
    fulfilment: 'digital' as const,
    policy: holdPolicy({}, { digital: { releaseAfterMs, releaseAfterAccessMs } }),
  });
  const access = (escrow: StartedEscrow, eventId: string = newId('event')) =>
    escrow.handle.signal(digitalAccessedSignal, { eventId, at: fromNow(0) });

  it.concurrent('are released at once where the policy says so', async () => {
    const escrow = await environment.escrow(digital(0, 0));
    expect(await escrow.handle.result()).toEqual({ status: 'released' });
    expect(escrow.world.names()).toEqual(['changeEscrow', 'releaseHold']);
  });

  it.concurrent('are released some time after the first access', async () => {
    const escrow = await environment.escrow(digital(NEVER_MS, SOON_MS));
    await access(escrow);
    expect(await escrow.handle.result()).toEqual({ status: 'released' });
    expect(reasonsOf(escrow).map(([event]) => event)).toEqual(['escrow.delivered', 'escrow.accessed']);
  });

  it.concurrent('count the first access only', async () => {
    const escrow = await environment.escrow(digital(NEVER_MS, NEVER_MS / 2));
    await Promise.all([access(escrow, 'evt_1'), access(escrow, 'evt_1'), access(escrow)]);
    await escrow.world.until(({ changes }) => changes.length === 2);
    expect((await escrow.ask('confirm')).status).toBe('released');
    expect(escrow.world.inputsOf('changeEscrow')).toHaveLength(2);
  });

  it.concurrent('are released at the cap, opened or not', async () => {
    const [unopened, opened] = await Promise.all([
      environment.escrow(digital(SOON_MS, NEVER_MS)),
      environment.escrow(digital(1_500, NEVER_MS)),
    ]);
    await access(opened);
    expect(await unopened.handle.result()).toEqual({ status: 'released' });
    expect(await opened.handle.result()).toEqual({ status: 'released' });
  });

  it.concurrent('that were only authorised are charged with the release', async () => {
    const escrow = await environment.escrow({ ...digital(0, 0), payment: authorised(fromNow(NEVER_MS)) });
    expect(await escrow.handle.result()).toEqual({ status: 'released' });
    expect(escrow.world.names()).toEqual([
      'changeEscrow',
      'changeEscrow',
      'captureHold',
      'markCaptured',
      'releaseHold',
    ]);
  });
});
