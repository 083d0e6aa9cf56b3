/** What operators see of an escrow and do to it, and what happens when a money step keeps failing. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { workflowMetadataQuery } from '@temporalio/workflow';
import { escrowSnapshotQuery, escrowTimelineQuery } from '../../workflows/escrow/contract.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/shared/operator-view.ts';
import { bundleWithChanges } from '../replay/support/changed-bundle.ts';
import { startWorkflowEnvironment, type WorkflowEnvironment } from './support/environment.ts';
import { carried, type StartedEscrow } from './support/escrows.ts';
import { refusal } from './support/fake-world.ts';
import { untilEvents } from './support/history.ts';
import { fromNow, holdPolicy, NEVER_MS } from './support/policies.ts';

let environment: WorkflowEnvironment;
/** Where a money step that failed is tried again at once instead of after half an hour. */
let impatient: WorkflowEnvironment;
beforeAll(async () => {
  environment = await startWorkflowEnvironment();
  const change = { file: 'workflows/shared/insist.ts', from: "'30 minutes'", to: "'10 milliseconds'" };
  impatient = await startWorkflowEnvironment({ workflowBundle: await bundleWithChanges([change]) });
});
afterAll(() => Promise.all([environment.close(), impatient.close()]));

const detailsOf = async ({ handle }: StartedEscrow) => (await handle.query(workflowMetadataQuery)).currentDetails;
const DOWN = refusal('payment_provider_unavailable', 'the provider refuses');
const perRelease = { policy: holdPolicy({}, { payoutMode: 'per_release' }) };

describe('an operator sees', () => {
  it.concurrent('in words why the money is held, as the timeline says it', async () => {
    const escrow = await environment.escrow();
    const { next } = await escrow.handle.query(escrowTimelineQuery);
    expect(await detailsOf(escrow)).toBe(next.text);
    await escrow.ask('pause');
    expect(await detailsOf(escrow)).toMatch(/paused/);
  });

  it.concurrent('the story so far, what comes next by itself and who can change it', async () => {
    const escrow = await environment.escrow();
    await escrow.ask('process');
    await escrow.ask('ship');
    const timeline = await escrow.handle.query(escrowTimelineQuery);
    expect(timeline.entries.map(({ type, by }) => [type, by])).toEqual([
      ['escrow.held', 'provider'],
      ['escrow.processing', 'seller'],
      ['escrow.shipped', 'seller'],
    ]);
    const { nextAction } = await escrow.handle.query(escrowSnapshotQuery);
    expect(timeline).toMatchObject({ status: 'shipped', next: nextAction });
    expect(timeline.canChange).toContainEqual({ by: 'buyer', move: 'confirm-delivery' });
  });

  it.concurrent('its status and next deadline as search attributes while it is open', async () => {
    const escrow = await environment.escrow();
    const attributes = async () => (await escrow.handle.describe()).typedSearchAttributes;
    const { nextAction } = await escrow.ask('ship');
    expect((await attributes()).get(SEARCH_ATTRIBUTES.escrowStatus)).toBe('shipped');
    expect((await attributes()).get(SEARCH_ATTRIBUTES.nextActionAt)?.toISOString()).toBe(nextAction.at);
    await escrow.ask('pause');
    expect((await attributes()).get(SEARCH_ATTRIBUTES.nextActionAt)).toBeUndefined();
    expect((await attributes()).get(SEARCH_ATTRIBUTES.preset)).toBe('multi-vendor');
  });

  it.concurrent('that a settled hold is not paused any more', async () => {
    const escrow = await environment.escrow({ carried: carried({ pausedAt: fromNow(0) }) });
    expect(await escrow.ask('refund')).toMatchObject({ status: 'refunded', paused: false });
    expect((await escrow.handle.query(escrowTimelineQuery)).next.text).toMatch(/went back/);
  });
});

describe('an operator who cancels the workflow', () => {
  it.concurrent('changes nothing: it holds money, and goes on answering', async () => {
    const escrow = await environment.escrow({ policy: holdPolicy({ autoReleaseMs: 100 }) });
    await escrow.handle.cancel();
    await untilEvents(environment.client, escrow.handle.workflowId, 'workflowExecutionCancelRequested');
    expect((await escrow.ask('ship')).status).toBe('shipped');
    await escrow.ask('deliver');
    expect(await escrow.handle.result()).toEqual({ status: 'released' });
  });

  it.concurrent('in the middle of a refund does not cut it in half', async () => {
    const escrow = await environment.escrow();
    const refunded = escrow.world.holdNext('refundHold');
    const refunding = escrow.ask('refund');
    await refunded.reached;
    await escrow.handle.cancel();
    await untilEvents(environment.client, escrow.handle.workflowId, 'workflowExecutionCancelRequested');
    refunded.open();
    expect((await refunding).status).toBe('refunded');
    expect(await escrow.handle.result()).toEqual({ status: 'refunded' });
  });
});

describe('a money step that fails for good', () => {
  it.concurrent('shows that it needs attention, and a timer that will try it again', async () => {
    const escrow = await environment.escrow({}, (world) => world.failNext('refundHold', DOWN));
    const refunding = expect(escrow.ask('refund')).rejects.toThrow();
    await untilEvents(environment.client, escrow.handle.workflowId, 'timerStarted', 2);
    expect(await detailsOf(escrow)).toBe(
      'NEEDS ATTENTION: the refund failed and is tried again every 30 minutes. Last error: the provider refuses',
    );
    await escrow.handle.terminate('the test is over');
    await refunding;
  });

  it.concurrent('is tried until it succeeds: a refund', async () => {
    const escrow = await impatient.escrow({}, (world) => world.failNext('refundHold', DOWN, DOWN));
    expect((await escrow.ask('refund')).status).toBe('refunded');
    expect(escrow.world.names()).toEqual(['changeEscrow', 'refundHold', 'refundHold', 'refundHold', 'finishRefund']);
    expect(await detailsOf(escrow)).not.toMatch(/ATTENTION/);
  });

  it.concurrent('is tried until it succeeds: a charge', async () => {
    const payment = { paymentId: 'pay_1', captured: false, captureBefore: fromNow(NEVER_MS) } as const;
    const escrow = await impatient.escrow({ payment }, (world) => world.failNext('captureHold', DOWN, DOWN));
    expect((await escrow.ask('release')).status).toBe('released');
    expect(escrow.world.inputsOf('captureHold')).toHaveLength(3);
  });

  it.concurrent('is tried until it succeeds: a payout, which no longer holds up the buyer', async () => {
    const escrow = await impatient.escrow(perRelease, (world) => world.failNext('payOut', DOWN, DOWN));
    expect((await escrow.ask('release')).status).toBe('released');
    expect(await escrow.handle.result()).toEqual({ status: 'released' });
    expect(escrow.world.names()).toEqual(['releaseHold', 'payOut', 'payOut', 'payOut']);
  });

  it.concurrent('is tried until it succeeds: closing an unpaid order at the provider', async () => {
    const order = impatient.order();
    await order.place();
    order.world.failNext('cancelPayment', DOWN, DOWN);
    expect(await order.cancel()).toEqual({ status: 'cancelled' });
  });

  it.concurrent('is tried until it succeeds: sending a late payment back', async () => {
    const order = impatient.order();
    await order.place();
    order.world.orderStatus = 'expired';
    order.world.failNext('refundLatePayment', DOWN, DOWN);
    await order.pay();
    expect((await order.handle.result()).status).toBe('expired');
    expect(order.world.inputsOf('refundLatePayment')).toHaveLength(3);
  });
});

describe('the payout', () => {
  it.concurrent('follows each release where the policy says so', async () => {
    const escrow = await environment.escrow(perRelease);
    await escrow.ask('release');
    await escrow.handle.result();
    expect(escrow.world.names()).toEqual(['releaseHold', 'payOut']);
  });

  it.concurrent('does not follow a refund', async () => {
    const escrow = await environment.escrow(perRelease);
    await escrow.ask('refund');
    await escrow.handle.result();
    expect(escrow.world.names()).not.toContain('payOut');
  });

  it.concurrent.each(['batched_weekly', 'on_request'] as const)(
    'does not follow a release with %s',
    async (payoutMode) => {
      const escrow = await environment.escrow({ policy: holdPolicy({}, { payoutMode }) });
      await escrow.ask('release');
      await escrow.handle.result();
      expect(escrow.world.names()).toEqual(['releaseHold']);
    },
  );
});
