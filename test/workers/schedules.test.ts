/** The schedules on a real Temporal server. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { ensureSchedules } from '../../workers/schedules.ts';
import { LEADERBOARDS_SWEEP, SWEEPS } from '../../workflows/sweeps/contract.ts';
import { TASK_QUEUES } from '../../workflows/task-queues.ts';
import { connectTemporal, type TestTemporal, testBundle } from '../support/temporal.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await connectTemporal();
});
afterAll(() => temporal.close());

describe('the schedules', () => {
  it('are each set up once by several processes that start together', async () => {
    await Promise.all([1, 2, 3].map(() => ensureSchedules(temporal.client)));
    for (const { scheduleId, workflowType, everyMs } of SWEEPS) {
      expect(await temporal.client.schedule.getHandle(scheduleId).describe()).toMatchObject({
        spec: { intervals: [{ every: everyMs }] },
        action: { workflowType, taskQueue: TASK_QUEUES.bulk },
        policies: { overlap: 'SKIP', catchupWindow: 600_000 },
        state: { paused: false },
      });
    }
  });

  it('stay paused where an operator has paused them, while all else is brought up to date', async () => {
    const handle = temporal.client.schedule.getHandle(LEADERBOARDS_SWEEP.scheduleId);
    await handle.update((previous) => ({ ...previous, spec: { intervals: [{ every: '1 day' }] } }));
    await handle.pause('while we look into something');
    await ensureSchedules(temporal.client);
    expect(await handle.describe()).toMatchObject({
      spec: { intervals: [{ every: LEADERBOARDS_SWEEP.everyMs }] },
      state: { paused: true, note: 'while we look into something' },
    });
    await handle.unpause();
  });

  it('start workflows that the bulk workers know', async () => {
    const done: string[] = [];
    const worker = await Worker.create({
      connection: temporal.nativeConnection,
      namespace: temporal.namespace,
      taskQueue: TASK_QUEUES.bulk,
      workflowBundle: testBundle(),
      activities: {
        refreshLeaderboards: () => done.push('leaderboards'),
        sweepFraud: () => done.push('fraud-sweep'),
      },
    });
    await worker.runUntil(
      Promise.all(
        SWEEPS.map(({ scheduleId, workflowType }) =>
          temporal.client.workflow.execute(workflowType, {
            workflowId: `${scheduleId}-now`,
            taskQueue: TASK_QUEUES.bulk,
          }),
        ),
      ),
    );
    expect(done.toSorted()).toEqual(SWEEPS.map(({ scheduleId }) => scheduleId).toSorted());
  });
});
