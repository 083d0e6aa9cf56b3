/** A hold with a long history goes on in a fresh run: nothing is forgotten, nobody's request is lost. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  carrierReportedSignal,
  digitalAccessedSignal,
  escrowSnapshotQuery,
  escrowTimelineQuery,
} from '../../workflows/escrow/contract.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/shared/operator-view.ts';
import { startWorkflowEnvironment, type WorkflowEnvironment } from './support/environment.ts';
import { ask, carried, type EscrowHandle, partiesOf, type StartedEscrow } from './support/escrows.ts';
import { refusalCode } from './support/history.ts';
import { placedOrder } from './support/orders.ts';
import { startOwnServer } from './support/own-server.ts';
import { fromNow, holdPolicy, NEVER_MS } from './support/policies.ts';

/** Some five messages. */
const EVENTS_BEFORE_NEW_RUN = 40;

let environment: WorkflowEnvironment;
beforeAll(async () => {
  const server = await startOwnServer([`limit.historyCount.suggestContinueAsNew=${EVENTS_BEFORE_NEW_RUN}`]);
  environment = await startWorkflowEnvironment({ server });
});
afterAll(() => environment.close());

const runOf = async (handle: EscrowHandle) => (await handle.describe()).runId;
const news = (handle: EscrowHandle, eventId: string) =>
  handle.signal(carrierReportedSignal, { eventId, status: 'in_transit', at: fromNow(0) });

/** Sends news one after the other until a new run has begun; answers with the event ids that were sent. */
async function untilNewRun({ handle, world }: StartedEscrow): Promise<string[]> {
  const first = await runOf(handle);
  const sent: string[] = [];
  while ((await runOf(handle)) === first) {
    sent.push(`evt_${sent.length}`);
    await news(handle, `evt_${sent.length - 1}`);
    await world.until(() => world.changes.length === sent.length);
  }
  return sent;
}

const shipped = () => carried({ status: 'shipped', shipBy: null, deliveredBy: fromNow(NEVER_MS) });

describe('a new run', () => {
  it.concurrent('knows the status, the deadlines, the story and who has been heard', async () => {
    const escrow = await environment.escrow({ carried: shipped() });
    const sent = await untilNewRun(escrow);
    const { handle, world, input } = escrow;
    for (const eventId of sent) await news(handle, eventId);
    const timeline = await handle.query(escrowTimelineQuery);
    expect(timeline.status).toBe('shipped');
    expect(timeline.next.at).toBe(world.escrow(input.escrowId).deliveredBy);
    expect(timeline.entries).toHaveLength(sent.length);
    expect(world.changes).toHaveLength(sent.length);
    const attributes = (await handle.describe()).typedSearchAttributes;
    expect(attributes.get(SEARCH_ATTRIBUTES.escrowStatus)).toBe('shipped');
    expect(attributes.get(SEARCH_ATTRIBUTES.preset)).toBe('multi-vendor');
    expect((await escrow.ask('confirm')).status).toBe('released');
    expect(world.changes.at(-1)).toMatchObject({ event: 'escrow.released', version: sent.length + 2 });
  });

  it.concurrent('rings at the instant that was set, not that much later', async () => {
    const escrow = await environment.escrow({
      policy: holdPolicy({ deliveredAfterMs: 4_000, autoReleaseMs: 0 }),
      carried: shipped(),
    });
    await untilNewRun(escrow);
    expect(await escrow.handle.result()).toEqual({ status: 'released' });
    const isDelivered = ({ event }: { event?: unknown }) => event === 'escrow.delivered';
    const delivered = escrow.world.changes.find(isDelivered);
    const lastNews = escrow.world.inputsOf('changeEscrow').findLast((change) => !isDelivered(change));
    const lateMs = Date.parse(String(delivered?.at)) - Date.parse(lastNews?.deliveredBy as string);
    expect(lateMs).toBeGreaterThanOrEqual(0);
    expect(lateMs).toBeLessThan(3_900);
  });

  it.concurrent('keeps a pause, the authorisation and the access to digital goods', async () => {
    const story = carried({
      status: 'delivered',
      releaseAt: fromNow(NEVER_MS),
      captured: false,
      captureAt: fromNow(NEVER_MS),
    });
    const payment = { paymentId: 'pay_1', captured: false, captureBefore: fromNow(2 * NEVER_MS) } as const;
    const escrow = await environment.escrow({ fulfilment: 'digital', payment, carried: story });
    await escrow.handle.signal(digitalAccessedSignal, { eventId: 'evt_access', at: fromNow(0) });
    const first = await runOf(escrow.handle);
    for (let turns = 0; (await runOf(escrow.handle)) === first; turns += 1) {
      await escrow.ask(turns % 2 === 0 ? 'pause' : 'resume');
    }
    const { paused } = await escrow.handle.query(escrowSnapshotQuery);
    if (!paused) await escrow.ask('pause');
    expect(await refusalCode(escrow.ask('confirm'))).toBe('hold_paused');
    await escrow.handle.signal(digitalAccessedSignal, { eventId: 'evt_access', at: fromNow(0) });
    await escrow.ask('release');
    const accesses = escrow.world.changes.filter(({ event }) => event === 'escrow.accessed');
    expect(accesses).toHaveLength(1);
    expect(escrow.world.changes.slice(-3).map(({ event }) => event)).toEqual([
      'escrow.releasing',
      'escrow.captured',
      'escrow.released',
    ]);
  });

  it.concurrent('still answers to the order above it', async () => {
    const order = environment.order(placedOrder());
    await order.place();
    await order.pay();
    const handle = await order.escrow();
    const parties = partiesOf({
      buyerId: order.input.buyerId,
      sellerId: order.world.placed.vendorOrders[0]?.sellerId ?? '',
    });
    await ask(handle, parties, 'ship');
    const first = await runOf(handle);
    for (let index = 0; (await runOf(handle)) === first; index += 1) {
      await news(handle, `evt_${index}`);
      await order.world.until((world) => world.changes.length === index + 2);
    }
    await ask(handle, parties, 'confirm');
    expect(await order.handle.result()).toEqual({ status: 'completed' });
  });
});

describe('a storm of messages over many runs', () => {
  // A message that comes with the hand-over makes the server refuse the task, and the worker does it again: a change may
  // then find itself stored already, and nothing worse. Requests that are sent back meanwhile are made again by the
  // connection, which is the API's.
  it('loses no fact and no request', async () => {
    const escrow = await environment.escrow({ carried: shipped() });
    const first = await runOf(escrow.handle);
    const facts = Array.from({ length: 80 }, (_, index) => `evt_${index}`);
    const telling = Promise.all(facts.flatMap((eventId) => [eventId, eventId]).map((id) => news(escrow.handle, id)));
    for (let turn = 0; turn < 10; turn += 1) {
      const code = await refusalCode(escrow.ask(turn % 2 === 0 ? 'pause' : 'resume', { updateId: `request ${turn}` }));
      expect([null, turn % 2 === 0 ? 'hold_paused' : 'hold_not_paused']).toContain(code);
      expect((await escrow.handle.query(escrowSnapshotQuery)).paused).toBe(turn % 2 === 0);
    }
    await telling;
    await escrow.world.until(({ changes }) => changes.filter(isNews).length >= facts.length);
    expect((await escrow.ask('confirm', { updateId: 'confirm' })).status).toBe('released');
    const { changes } = escrow.world;
    expect(changes.map(({ version }) => version)).toEqual(changes.map((_, index) => index + 2));
    expect(changes.filter((change) => !isNews(change)).map(({ event }) => event)).toEqual([
      ...Array.from({ length: 5 }, () => ['escrow.paused', 'escrow.resumed']).flat(),
      'escrow.released',
    ]);
    expect(await runOf(escrow.handle)).not.toBe(first);
  });

  const isNews = ({ event }: { event: string }) => event === 'escrow.in_transit';
});
