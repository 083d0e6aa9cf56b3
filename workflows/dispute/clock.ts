/** A dispute's one clock: the end of its phase, and what silence then comes to. */

import { condition } from '@temporalio/workflow';
import { nextDisputeAction } from '../../domain/disputes/deadlines.ts';
import { afterDeadline } from '../../domain/disputes/progress.ts';
import type { FactType } from '../../domain/facts.ts';
import { Deadline } from '../shared/deadline.ts';
import { now, record } from './changes.ts';
import { shouldContinueInNewRun } from './continuing.ts';
import type { DisputeState } from './state.ts';

const CLOCK = { role: 'system', id: 'dispute clock' } as const;

export class Clock {
  private readonly dispute: DisputeState;
  private readonly deadline = new Deadline();

  constructor(dispute: DisputeState) {
    this.dispute = dispute;
  }

  /** None is armed for what is due at once. */
  async untilSomethingHappens(): Promise<void> {
    const { dispute, deadline } = this;
    const { kind, at } = nextDisputeAction(dispute.case);
    deadline.arm(at === null || dispute.isDue ? null : Date.parse(at), kind);
    await condition(
      () => dispute.inbox.length > 0 || dispute.isDue || deadline.passed || shouldContinueInNewRun(dispute),
    );
  }

  /** Does what the end of the phase asks for; nothing if it has not come. */
  async act(): Promise<void> {
    const { dispute, deadline } = this;
    if (!deadline.passed && !dispute.isDue) return;
    const after = afterDeadline(dispute.case, now());
    await record(dispute, eventOf(dispute, after.phase), { actor: CLOCK, reason: null }, after);
  }
}

function eventOf({ case: dispute }: DisputeState, to: string): Extract<FactType, `dispute.${string}`> {
  switch (nextDisputeAction(dispute).kind) {
    case 'mediate':
      return 'dispute.mediation';
    case 'decide':
      return 'dispute.decided_by_default';
    case 'finalise':
      return 'dispute.final';
    default:
      return to === 'resolved' ? 'dispute.resolved' : 'dispute.executing';
  }
}
