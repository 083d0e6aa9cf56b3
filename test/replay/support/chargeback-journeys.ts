/** The journeys of chargebacks whose histories are stored. */

import { newId } from '../../../db/new-id.ts';
import { EVIDENCE_SENT_BEFORE_DUE_MS } from '../../../domain/disputes/chargeback.ts';
import {
  CHARGEBACK_WORKFLOW_TYPE,
  type ChargebackInput,
  type ChargebackReported,
  chargebackReportedSignal,
  chargebackWorkflowId,
  submitEvidenceUpdate,
} from '../../../workflows/chargeback/contract.ts';
import type { chargebackWorkflow } from '../../../workflows/chargeback/workflow.ts';
import { TASK_QUEUES } from '../../../workflows/task-queues.ts';
import type { WorkflowEnvironment } from '../../workflows/support/environment.ts';
import { type FakeChargeback, fakeChargeback } from '../../workflows/support/fake-chargebacks.ts';
import type { History } from '../../workflows/support/history.ts';

type Recorded = { name: string; history: History };

/** News starts it; each answers what the test then does with it. */
function begin(
  { client }: WorkflowEnvironment,
  prepare: (fake: FakeChargeback) => void,
  dueInMs: number | null = null,
) {
  const chargebackId = `dp_${newId('event')}`;
  const fake = fakeChargeback(chargebackId, prepare);
  const input: ChargebackInput = {
    chargebackId,
    paymentId: newId('payment'),
    orderId: newId('order'),
    currency: 'USD',
    amountMinor: 10_000,
    reason: 'fraudulent',
    evidenceDueBy: dueInMs === null ? null : new Date(Date.now() + dueInMs).toISOString(),
  };
  const workflowId = chargebackWorkflowId(chargebackId);
  const handle = client.workflow.getHandle<typeof chargebackWorkflow>(workflowId);
  const tell = async (status: ChargebackReported['status'], feeMinor: number): Promise<void> => {
    await client.workflow.signalWithStart<typeof chargebackWorkflow, [ChargebackReported]>(CHARGEBACK_WORKFLOW_TYPE, {
      workflowId,
      taskQueue: TASK_QUEUES.core,
      args: [input],
      signal: chargebackReportedSignal,
      signalArgs: [{ eventId: newId('event'), status, feeMinor }],
    });
  };
  const recorded = async (name: string): Promise<Recorded[]> => {
    await handle.result();
    return [{ name, history: await handle.fetchHistory() }];
  };
  return { fake, handle, tell, recorded };
}

export const CHARGEBACKS: ((environment: WorkflowEnvironment) => Promise<Recorded[]>)[] = [
  async (environment) => {
    const hold = await environment.escrow();
    const [kept, paidOut] = [hold.input.escrowId, newId('escrow')];
    const { fake, tell, recorded } = begin(environment, (it) => {
      it.shares = [
        { escrowId: kept, amountMinor: 6_000, heldMinor: 6_000 },
        { escrowId: paidOut, amountMinor: 4_000, heldMinor: 0 },
      ];
      it.waiting.add(kept);
      it.claims = [{ escrowId: paidOut, amountMinor: 4_000 }];
    });
    await tell('open', 1_500);
    await tell('lost', 1_500);
    await fake.until((it) => it.count('heldShares') > 1);
    fake.waiting.clear();
    const histories = await recorded('chargeback-lost');
    await hold.handle.terminate('the journey is over');
    return histories;
  },
  async (environment) => {
    const { fake, tell, recorded } = begin(environment, () => {}, EVIDENCE_SENT_BEFORE_DUE_MS + 300);
    await tell('open', 0);
    await fake.until((it) => it.count('submitEvidence system') === 1);
    await tell('won', 1_500);
    return recorded('chargeback-won');
  },
  async (environment) => {
    const { handle, tell, recorded } = begin(environment, () => {}, EVIDENCE_SENT_BEFORE_DUE_MS + 3_600_000);
    await tell('open', 1_500);
    await handle.executeUpdate(submitEvidenceUpdate, { args: [{ adminId: 'usr_admin' }] });
    await tell('lost', 3_000);
    return recorded('chargeback-evidence-by-admin');
  },
];
