/** The story of a chargeback: whatever order the news comes in, the bank's decision is carried out once. */

import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { newId } from '../../db/new-id.ts';
import { EVIDENCE_SENT_BEFORE_DUE_MS } from '../../domain/disputes/chargeback.ts';
import type { EscrowId } from '../../domain/ids.ts';
import {
  CHARGEBACK_WORKFLOW_TYPE,
  type ChargebackInput,
  type ChargebackReported,
  chargebackReportedSignal,
  chargebackTimelineQuery,
  chargebackWorkflowId,
  submitEvidenceUpdate,
} from '../../workflows/chargeback/contract.ts';
import type { chargebackWorkflow } from '../../workflows/chargeback/workflow.ts';
import { escrowWorkflowId } from '../../workflows/escrow/contract.ts';
import { TASK_QUEUES } from '../../workflows/task-queues.ts';
import { connectTemporal, type TestTemporal } from '../support/temporal.ts';
import type { escrowWorkflow } from './support/chargeback-workflows.ts';
import { createFakeChargebacks, type FakeChargeback, fakeChargeback } from './support/fake-chargebacks.ts';

const OPEN = { status: 'open', feeMinor: 0 } as const;
const WITHDRAWN = { status: 'open', feeMinor: 1_500 } as const;
const LOST = { status: 'lost', feeMinor: 1_500 } as const;
const WON = { status: 'won', feeMinor: 1_500 } as const;

let temporal: TestTemporal;
let workers: Worker[];
let running: Promise<void[]>;

beforeAll(async () => {
  temporal = await connectTemporal();
  const activities = createFakeChargebacks();
  const common = { connection: temporal.nativeConnection, namespace: temporal.namespace, activities };
  const workflowsPath = fileURLToPath(new URL('./support/chargeback-workflows.ts', import.meta.url));
  workers = await Promise.all([
    Worker.create({ ...common, taskQueue: TASK_QUEUES.core, workflowsPath }),
    Worker.create({ ...common, taskQueue: TASK_QUEUES.payments }),
  ]);
  running = Promise.all(workers.map((worker) => worker.run()));
});
afterAll(async () => {
  for (const worker of workers) worker.shutdown();
  await running;
  await temporal.close();
});

type News = Omit<ChargebackReported, 'eventId'>;

/** A chargeback that the first news starts; what its holds and sellers have is set before. */
async function chargeback(news: readonly News[], prepare: (fake: FakeChargeback) => void = () => {}, dueInMs?: number) {
  const chargebackId = `dp_${randomUUID()}`;
  const fake = fakeChargeback(chargebackId, prepare);
  const input: ChargebackInput = {
    chargebackId,
    paymentId: newId('payment'),
    orderId: newId('order'),
    currency: 'USD',
    amountMinor: 10_000,
    reason: 'fraudulent',
    evidenceDueBy: dueInMs === undefined ? null : new Date(Date.now() + dueInMs).toISOString(),
  };
  const tell = async (fact: News, eventId: string = randomUUID()) => {
    await temporal.client.workflow.signalWithStart<typeof chargebackWorkflow, [ChargebackReported]>(
      CHARGEBACK_WORKFLOW_TYPE,
      {
        workflowId: chargebackWorkflowId(chargebackId),
        taskQueue: TASK_QUEUES.core,
        args: [input],
        signal: chargebackReportedSignal,
        signalArgs: [{ eventId, ...fact }],
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
      },
    );
  };
  for (const fact of news) await tell(fact);
  const handle = temporal.client.workflow.getHandle<typeof chargebackWorkflow>(chargebackWorkflowId(chargebackId));
  return { chargebackId, fake, handle, tell, result: () => handle.result() };
}

/** A hold that hears this many facts and ends. */
const hold = (escrowId: EscrowId, facts: number) =>
  temporal.client.workflow.start<typeof escrowWorkflow>('escrowWorkflow', {
    workflowId: escrowWorkflowId(escrowId),
    taskQueue: TASK_QUEUES.core,
    args: [{ facts }],
  });

const share = (escrowId: EscrowId, amountMinor: number, heldMinor: number) => ({ escrowId, amountMinor, heldMinor });

describe('a chargeback', () => {
  it('that is lost is taken from the hold first, then claimed back of what was released', async () => {
    const [kept, paidOut] = [newId('escrow'), newId('escrow')];
    const escrow = await hold(kept, 2);
    const { chargebackId, fake, handle, tell, result } = await chargeback([OPEN], (it) => {
      it.shares = [share(kept, 6_000, 6_000), share(paidOut, 4_000, 0)];
      it.waiting.add(kept);
      it.claims = [{ escrowId: paidOut, amountMinor: 4_000 }];
    });
    await tell(LOST);
    await fake.until((it) => it.count('heldShares') > 1);
    expect(fake.calls).not.toContain('claimReleased');
    fake.waiting.clear();
    expect(await result()).toEqual({ status: 'lost' });
    expect(await escrow.result()).toEqual([
      { eventId: `${chargebackId}:opened`, chargebackId, amountMinor: 6_000 },
      { eventId: `${chargebackId}:closed`, chargebackId, result: 'lost' },
    ]);
    expect(fake.calls.filter((call) => call !== 'heldShares').slice(-5)).toEqual([
      'closeChargeback lost',
      'claimReleased',
      `reverseTransfers ${paidOut}`,
      `takeBack ${paidOut}`,
      'settleChargeback',
    ]);
    expect(fake.feeMinor).toBe(1_500);
    const { status, entries } = await handle.query(chargebackTimelineQuery);
    expect(status).toBe('lost');
    expect(entries.map(({ type }) => type)).toEqual(['chargeback.opened', 'chargeback.lost', 'claw_back.owed']);
  });

  it('that is won lets the hold go on and claims nothing', async () => {
    const kept = newId('escrow');
    const escrow = await hold(kept, 2);
    const { chargebackId, fake, result } = await chargeback([OPEN, WON], (it) => {
      it.shares = [share(kept, 10_000, 10_000)];
    });
    expect(await result()).toEqual({ status: 'won' });
    expect(await escrow.result()).toMatchObject([{ amountMinor: 10_000 }, { chargebackId, result: 'won' }]);
    expect(fake.calls).toEqual(['openChargeback', 'noteChargebackFee', 'closeChargeback won', 'settleChargeback']);
  });

  it.each([
    ['as they happened', [OPEN, WITHDRAWN, LOST]],
    ['the withdrawal first', [WITHDRAWN, OPEN, LOST]],
    ['the end before the beginning', [LOST, OPEN, WITHDRAWN]],
    ['the end alone', [LOST]],
    ['each twice', [OPEN, OPEN, WITHDRAWN, WITHDRAWN, LOST]],
  ])('ends the same with the news %s', async (_title, news) => {
    const paidOut = newId('escrow');
    const { fake, result } = await chargeback(news, (it) => {
      it.shares = [share(paidOut, 10_000, 0)];
      it.claims = [{ escrowId: paidOut, amountMinor: 10_000 }];
    });
    expect(await result()).toEqual({ status: 'lost' });
    expect(fake).toMatchObject({ status: 'lost', settled: true, feeMinor: 1_500 });
    for (const step of ['closeChargeback lost', 'claimReleased', `takeBack ${paidOut}`, 'settleChargeback']) {
      expect([step, fake.count(step)]).toEqual([step, 1]);
    }
  });

  it('keeps to the first decision it heard, and takes each event once', async () => {
    const { fake, tell, result } = await chargeback([OPEN]);
    await tell(WITHDRAWN, 'evt_1');
    await tell({ status: 'open', feeMinor: 9_000 }, 'evt_1');
    await tell(WON);
    await tell(LOST).catch(() => null);
    expect(await result()).toEqual({ status: 'won' });
    expect(fake.feeMinor).toBe(1_500);
  });

  it('is told to a hold that begins later, and not to one that has ended', async () => {
    const [late, ended] = [newId('escrow'), newId('escrow')];
    const { fake, tell, result } = await chargeback([OPEN], (it) => {
      it.shares = [share(late, 5_000, 5_000), share(ended, 5_000, 5_000)];
      it.waiting.add(late);
    });
    await fake.until((it) => it.count('heldShares') > 0);
    const escrow = await hold(late, 2);
    await tell(LOST);
    expect(await escrow.result()).toHaveLength(2);
    fake.waiting.clear();
    expect(await result()).toEqual({ status: 'lost' });
  });

  it('that an earlier run has carried out is left alone', async () => {
    const { fake, result } = await chargeback([OPEN], (it) => {
      it.status = 'lost';
      it.settled = true;
    });
    expect(await result()).toEqual({ status: 'lost' });
    expect(fake.calls).toEqual(['openChargeback']);
  });
});

describe('the evidence', () => {
  const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => null,
      (error: unknown) => (error instanceof WorkflowUpdateFailedError ? error.cause : error),
    );
  const submit = { args: [{ adminId: 'usr_admin' }] as [{ adminId: string }] };

  it('goes to the bank by itself shortly before it is due', async () => {
    const { fake, handle, tell, result } = await chargeback([OPEN], undefined, EVIDENCE_SENT_BEFORE_DUE_MS + 700);
    const { next, canChange } = await handle.query(chargebackTimelineQuery);
    expect(next.kind).toBe('send_evidence');
    expect(canChange).toEqual([{ by: 'admin', move: 'submit-evidence' }]);
    expect(fake.calls).not.toContain('submitEvidence system');
    await fake.until((it) => it.count('submitEvidence system') === 1);
    await tell(WON);
    await result();
    expect(fake.count('submitEvidence system')).toBe(1);
    expect((await handle.query(chargebackTimelineQuery)).entries.map(({ type }) => type)).toContain(
      'chargeback.evidence_sent',
    );
  });

  it('goes at once where an admin says so, once, however often', async () => {
    const { fake, handle, tell, result } = await chargeback([OPEN], undefined, EVIDENCE_SENT_BEFORE_DUE_MS + 60_000);
    const answers = await Promise.all([1, 2, 3].map(() => handle.executeUpdate(submitEvidenceUpdate, submit)));
    const again = await handle.executeUpdate(submitEvidenceUpdate, submit);
    expect(answers).toEqual([1, 2, 3].map(() => again));
    expect(again.submittedAt).toBe(fake.evidenceSentAt);
    expect(fake.count('submitEvidence admin')).toBe(1);
    await tell(LOST);
    await result();
  });

  it('is refused where the bank does not listen any more', async () => {
    const { handle, tell, result } = await chargeback([OPEN], (it) => {
      it.listens = false;
    });
    expect(await codeOf(handle.executeUpdate(submitEvidenceUpdate, submit))).toMatchObject({ type: 'dispute_closed' });
    expect(await codeOf(handle.executeUpdate(submitEvidenceUpdate, submit))).toMatchObject({ type: 'dispute_closed' });
    await tell(LOST);
    expect(await result()).toEqual({ status: 'lost' });
  });
});
