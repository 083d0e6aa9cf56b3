/** Chargebacks from the first webhook to the last journal: real workflows, Postgres, Temporal and simulator. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WithStartWorkflowOperation } from '@temporalio/client';
import { Chargeback } from '../../db/entities/chargeback.entity.ts';
import { ClawBack } from '../../db/entities/claw-back.entity.ts';
import { Dispute } from '../../db/entities/dispute.entity.ts';
import { Escrow } from '../../db/entities/escrow.entity.ts';
import { OrderItem } from '../../db/entities/order-item.entity.ts';
import { Payment } from '../../db/entities/payment.entity.ts';
import type { WebhookInbox } from '../../db/entities/webhook-inbox.entity.ts';
import { newId } from '../../db/new-id.ts';
import { waitFor } from '../../dev/client/wait-for.ts';
import type { OrderId } from '../../domain/ids.ts';
import type { PresetName } from '../../domain/policy/policy.ts';
import type { WebhookHandler } from '../../workers/inbox-relay.ts';
import {
  confirmDeliveryUpdate,
  escrowWorkflowId,
  markDeliveredUpdate,
  openDisputeUpdate,
  shipUpdate,
} from '../../workflows/escrow/contract.ts';
import { ORDER_WORKFLOW_TYPE, orderWorkflowId, placeUpdate } from '../../workflows/order/contract.ts';
import { TASK_QUEUES } from '../../workflows/task-queues.ts';
import { listGoods, type Marketplace, orderOf, payByCard } from '../activities/support/shop.ts';
import type { TestTemporal } from '../support/temporal.ts';
import { SLOW_MS, startRealWorkers } from './support/real-workers.ts';

const DAY_MS = 86_400_000;
let market: Marketplace;
let temporal: TestTemporal;
let handle: WebhookHandler;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ market, temporal, handle, close } = await startRealWorkers());
}, SLOW_MS);
afterAll(() => close());

const escrowOf = (orderId: OrderId) => market.orm.em.fork().findOneOrFail(Escrow, { orderId });
const until = (orderId: OrderId, what: string, isSo: (escrow: Escrow) => boolean) =>
  waitFor(what, () => escrowOf(orderId), isSo);

/** Hands every event about a dispute to the relay's handler, in this order. */
async function tell(disputeId: string, order: (types: string[]) => string[] = (types) => types): Promise<void> {
  const events = market.simulator.control
    .events()
    .filter(
      ({ type, data }) => type.startsWith('charge.dispute.') && 'id' in data.object && data.object.id === disputeId,
    );
  for (const type of order(events.map((event) => event.type))) {
    const event = events.find((each) => each.type === type);
    await handle({
      id: 1,
      eventId: event?.id,
      type,
      attempts: 1,
      payload: { data: { object: { id: disputeId } } },
    } as WebhookInbox);
  }
}

/** Placed by its workflow and paid; `quantity` units of one listing at 100.00. */
async function paid(preset: PresetName = 'multi-vendor', quantity = 1) {
  const input = orderOf(market, [{ listingId: await listGoods(market, { preset }), quantity }]);
  const { orderId } = input;
  const startWorkflowOperation = new WithStartWorkflowOperation(ORDER_WORKFLOW_TYPE, {
    workflowId: orderWorkflowId(orderId),
    taskQueue: TASK_QUEUES.core,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
  });
  await temporal.client.workflow.executeUpdateWithStart(placeUpdate, { args: [], startWorkflowOperation });
  const payment = await market.orm.em.fork().findOneOrFail(Payment, { orderId });
  await payByCard(market, payment);
  const object = { id: payment.providerObjectId };
  const succeeded = { id: 1, eventId: newId('event'), type: 'payment_intent.succeeded', attempts: 1 };
  await handle({ ...succeeded, payload: { data: { object } } } as WebhookInbox);
  const escrow = await waitFor(
    'the order is paid',
    () => market.orm.em.fork().findOne(Escrow, { orderId }),
    (found) => found !== null,
  );
  if (!escrow) throw new Error('unreachable: it was waited for');
  const workflow = temporal.client.workflow.getHandle(escrowWorkflowId(escrow.id));
  await waitFor(
    'its hold runs',
    () => workflow.describe().catch(() => null),
    (description) => description !== null,
  );
  const { buyerId, sellerId } = escrow;
  const [buyer, seller] = [{ role: 'buyer', id: buyerId } as const, { role: 'seller', id: sellerId } as const];
  return { orderId, payment, escrowId: escrow.id, workflow, buyer, seller };
}

type Paid = Awaited<ReturnType<typeof paid>>;

async function handOver({ workflow, buyer, seller }: Paid): Promise<void> {
  await workflow.executeUpdate(shipUpdate, { args: [{ actor: seller, carrier: 'DHL', trackingNumber: 'JD01' }] });
  await workflow.executeUpdate(markDeliveredUpdate, { args: [{ actor: seller }] });
  await workflow.executeUpdate(confirmDeliveryUpdate, { args: [{ actor: buyer }] });
}

const open = ({ payment }: Paid, amount?: number) =>
  market.simulator.control.openDispute({ paymentIntent: payment.providerObjectId ?? '', amount }).id;

const settled = (id: string) =>
  waitFor(
    `chargeback ${id} is settled`,
    () => market.orm.em.fork().findOne(Chargeback, { id }),
    (row) => (row?.settledAt ?? null) !== null,
  );

describe('a chargeback', () => {
  it('of a part that is held freezes it, takes it, and the rest goes on', async () => {
    const order = await paid();
    const id = open(order, 4_000);
    await tell(id);
    await until(order.orderId, 'the part is frozen', ({ frozenMinor }) => frozenMinor === 4_000);
    market.simulator.control.closeDispute(id, 'lost');
    await tell(id);
    expect(await settled(id)).toMatchObject({ status: 'lost', absorbedMinor: 0, feeMinor: 1_500 });
    expect(await escrowOf(order.orderId)).toMatchObject({ chargedBackMinor: 4_000, frozenMinor: 0 });
    await handOver(order);
    const end = await until(order.orderId, 'the rest is released', ({ status }) => status === 'split');
    expect(end).toMatchObject({ releasedMinor: 6_000, chargedBackMinor: 4_000 });
  });

  it('of everything that is held ends the hold, and nothing is refunded beside it', async () => {
    const order = await paid();
    const id = open(order);
    market.simulator.control.closeDispute(id, 'lost');
    await tell(id, (types) => types.toReversed());
    await settled(id);
    const end = await until(order.orderId, 'the hold has ended', ({ status }) => status === 'refunded');
    expect(end).toMatchObject({ chargedBackMinor: 10_000, refundedMinor: 0, releasedMinor: 0 });
    expect(
      market.simulator.control
        .events()
        .some(({ type, data }) => type === 'refund.created' && JSON.stringify(data).includes(order.escrowId)),
    ).toBe(false);
  });

  it('joins the buyer’s own dispute, which goes on once the bank has decided for the seller', async () => {
    const order = await paid('multi-vendor', 2);
    const disputeId = newId('dispute');
    const complaint = {
      disputeId,
      actor: order.buyer,
      reason: 'not_received',
      description: 'Nothing came',
      lines: [],
    } as const;
    await order.workflow.executeUpdate(openDisputeUpdate, { args: [complaint] });
    const id = open(order);
    await tell(id, (types) => [...types, ...types]);
    const withBank = () => market.orm.em.fork().findOneOrFail(Dispute, { id: disputeId });
    await waitFor('the dispute waits for the bank', withBank, ({ content }) => content.bankSince !== null);
    expect(await market.orm.em.fork().count(Dispute, { escrowId: order.escrowId })).toBe(1);
    market.simulator.control.closeDispute(id, 'won');
    await tell(id);
    expect(await settled(id)).toMatchObject({ status: 'won' });
    await waitFor('the dispute goes on', withBank, ({ content }) => content.bankSince === null);
    expect(await escrowOf(order.orderId)).toMatchObject({ chargedBackMinor: 0, status: 'disputed' });
  });

  it('that won over the buyer’s own dispute takes the money once', async () => {
    const order = await paid();
    const complaint = {
      disputeId: newId('dispute'),
      actor: order.buyer,
      reason: 'not_received',
      description: 'x',
      lines: [],
    } as const;
    await order.workflow.executeUpdate(openDisputeUpdate, { args: [complaint] });
    const id = open(order);
    await tell(id);
    market.simulator.control.closeDispute(id, 'lost');
    await tell(id);
    await settled(id);
    const end = await until(order.orderId, 'the hold has ended', ({ status }) => status === 'refunded');
    expect(end).toMatchObject({ chargedBackMinor: 10_000, refundedMinor: 0 });
  });

  it.each([
    ['as they happened', (types: string[]) => types],
    ['backwards', (types: string[]) => types.toReversed()],
    ['five times each', (types: string[]) => types.flatMap((type) => [type, type, type, type, type])],
  ])('after the payout takes it back, with the news %s', async (_title, shuffled) => {
    const order = await paid('fliiply');
    await handOver(order);
    await until(order.orderId, 'it is paid out', ({ payoutStatus }) => payoutStatus === 'paid');
    market.simulator.control.advanceClock(3 * DAY_MS);
    const id = open(order, 9_000);
    market.simulator.control.closeDispute(id, 'lost');
    await tell(id, shuffled);
    await settled(id);
    const [claim, ...others] = await market.orm.em.fork().find(ClawBack, { chargebackId: id });
    expect(claim).toMatchObject({ amountMinor: 9_000, reversedMinor: 9_000, walletMinor: 0, owedMinor: 0 });
    expect(others).toEqual([]);
  });

  it('of everything, while one unit is contested and the rest is paid out, takes each from where it is', async () => {
    const order = await paid('fliiply', 2);
    const { orderId, workflow, buyer, seller } = order;
    await workflow.executeUpdate(shipUpdate, { args: [{ actor: seller, carrier: 'DHL', trackingNumber: 'JD01' }] });
    await workflow.executeUpdate(markDeliveredUpdate, { args: [{ actor: seller }] });
    const [item] = await market.orm.em.fork().find(OrderItem, { orderId });
    const lines = [{ itemId: item?.id ?? '', quantity: 1 }];
    const complaint = {
      disputeId: newId('dispute'),
      actor: buyer,
      reason: 'damaged',
      description: 'Bent',
      lines,
    } as const;
    await workflow.executeUpdate(openDisputeUpdate, { args: [complaint] });
    await workflow.executeUpdate(confirmDeliveryUpdate, { args: [{ actor: buyer }] });
    const { frozenMinor, heldMinor } = await until(
      orderId,
      'the rest is paid out',
      (row) => row.payoutStatus === 'paid',
    );
    market.simulator.control.advanceClock(3 * DAY_MS);
    const id = open(order);
    await tell(id);
    market.simulator.control.closeDispute(id, 'lost');
    await tell(id);
    expect(await settled(id)).toMatchObject({ absorbedMinor: 0 });
    expect(await escrowOf(orderId)).toMatchObject({ chargedBackMinor: frozenMinor, refundedMinor: 0, status: 'split' });
    const [claim] = await market.orm.em.fork().find(ClawBack, { chargebackId: id });
    expect(claim).toMatchObject({ amountMinor: heldMinor - frozenMinor, reversedMinor: 9_500 });
  });
});
