/** The test servers themselves: a database from the template, a worker inside Jest, a namespace of one's own. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WithStartWorkflowOperation } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { connectTemporal, type TestTemporal } from '../support/temporal.ts';

describe('test database', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('answers on its own url', async () => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query('select current_database() as name');
    await client.end();
    expect(rows).toEqual([{ name: new URL(database.url).pathname.slice(1) }]);
  });
});

describe('test namespace', () => {
  let temporal: TestTemporal;
  beforeAll(async () => {
    temporal = await connectTemporal();
  });
  afterAll(() => temporal.close());

  it('runs a workflow started by an update, with an activity, a timer and a search attribute', async () => {
    const worker = await Worker.create({
      connection: temporal.nativeConnection,
      namespace: temporal.namespace,
      taskQueue: 'greetings',
      workflowsPath: new URL('./fixture/greeting-workflow.ts', import.meta.url).pathname,
      activities: { greet: async (name: string) => `Hello, ${name}` },
    });
    await worker.runUntil(async () => {
      const startWorkflowOperation = new WithStartWorkflowOperation('greetingWorkflow', {
        workflowId: 'greeting/1',
        taskQueue: 'greetings',
        workflowIdConflictPolicy: 'USE_EXISTING',
      });
      const answer = await temporal.client.workflow.executeUpdateWithStart('name', {
        args: ['Ada'],
        startWorkflowOperation,
      });
      expect(answer).toBe('Ada');
      const handle = temporal.client.workflow.getHandle('greeting/1');
      expect(await handle.result()).toBe('Hello, Ada');
    });
  });
});
