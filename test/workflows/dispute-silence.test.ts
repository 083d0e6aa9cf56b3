/** Every phase of a dispute ends by itself: what silence comes to. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DisputePhase, Settlement } from '../../domain/disputes/dispute.ts';
import type { DisputePolicy } from '../../domain/policy/policy.ts';
import type { RunningDisputeCommand } from '../../workflows/dispute/contract.ts';
import { commandsOf, openDispute } from './support/disputes.ts';
import { startWorkflowEnvironment, type WorkflowEnvironment } from './support/environment.ts';
import { disputePolicy, fromNow } from './support/policies.ts';

const SOON_MS = 200;

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await startWorkflowEnvironment();
});
afterAll(() => environment.close());

type Say = ReturnType<typeof commandsOf>;
type Silence = {
  phase: DisputePhase;
  what: string;
  policy: Partial<DisputePolicy>;
  before: (say: Say) => RunningDisputeCommand[];
  events: string[];
  settlement: Settlement;
};

const WHOLE = 10_000;
const toBuyer = { kind: 'split', buyerMinor: WHOLE } as const;
const toSeller = { kind: 'split', buyerMinor: 0 } as const;
const APPEALS_SOON = { appealWindowMs: SOON_MS };
const NO_APPEAL = { appeal: false };

const SILENCES: Silence[] = [
  {
    phase: 'seller_response',
    what: 'leaves it to a reviewer, whose silence is for the buyer',
    policy: { sellerResponseMs: SOON_MS, mediationMs: SOON_MS, ...APPEALS_SOON },
    before: () => [],
    events: ['dispute.mediation', 'dispute.decided_by_default', 'dispute.final', 'dispute.resolved'],
    settlement: toBuyer,
  },
  {
    phase: 'seller_response',
    what: 'is for the buyer where the channel says so',
    policy: { sellerResponseMs: SOON_MS, onSellerSilence: 'buyer', ...APPEALS_SOON },
    before: () => [],
    events: ['dispute.decided_by_default', 'dispute.final', 'dispute.resolved'],
    settlement: toBuyer,
  },
  {
    phase: 'mediation',
    what: 'is for the seller where the channel says so',
    policy: { mediationMs: SOON_MS, onMediationSilence: 'release', ...APPEALS_SOON },
    before: ({ respond }) => [respond()],
    events: ['dispute.decided_by_default', 'dispute.final', 'dispute.resolved'],
    settlement: toSeller,
  },
  {
    phase: 'mediation',
    what: 'dismisses the dispute where the channel says so, at once where nobody can appeal',
    policy: { mediationMs: SOON_MS, onMediationSilence: 'dismissal', ...NO_APPEAL },
    before: ({ respond }) => [respond()],
    events: ['dispute.decided_by_default', 'dispute.resolved'],
    settlement: { kind: 'hold_goes_on' },
  },
  {
    phase: 'decided',
    what: 'makes the verdict final',
    policy: APPEALS_SOON,
    before: ({ respond, verdict }) => [respond(), verdict({ outcome: 'split', buyerMinor: 1 })],
    events: ['dispute.final', 'dispute.resolved'],
    settlement: { kind: 'split', buyerMinor: 1 },
  },
  {
    phase: 'review',
    what: 'lets the verdict stand',
    policy: { reviewMs: SOON_MS },
    before: ({ respond, verdict, appeal }) => [respond(), verdict({ outcome: 'refund' }), appeal()],
    events: ['dispute.final', 'dispute.resolved'],
    settlement: toBuyer,
  },
  {
    phase: 'awaiting_replacement',
    what: 'refunds the buyer',
    policy: { replacementShipMs: SOON_MS, ...NO_APPEAL },
    before: ({ respond, verdict }) => [respond(), verdict({ outcome: 'replacement' })],
    events: ['dispute.executing', 'dispute.resolved'],
    settlement: toBuyer,
  },
  {
    phase: 'awaiting_return',
    what: 'pays the seller',
    policy: { returnShipMs: SOON_MS, ...NO_APPEAL },
    before: ({ respond, verdict }) => [respond(), verdict({ outcome: 'refund', returnGoods: true })],
    events: ['dispute.executing', 'dispute.resolved'],
    settlement: toSeller,
  },
];

describe('silence', () => {
  it.concurrent.each(SILENCES)('in $phase $what', async ({ policy, before, events, settlement }) => {
    const held = await environment.escrow({}, (world) => {
      world.disputes.policy = disputePolicy(policy);
    });
    const dispute = await openDispute(environment.client, held);
    for (const command of before(commandsOf(held))) await dispute.ask(command);
    expect(await dispute.handle.result()).toEqual({ settlement });
    const { changes } = held.world.disputes;
    expect(changes.slice(before(commandsOf(held)).length).map(({ event }) => event)).toEqual(events);
    for (const change of held.world.inputsOf('changeDispute')) expect(String(change.at) <= fromNow(0)).toBe(true);
  });

  it.concurrent('after the goods were sent back refunds the buyer', async () => {
    const held = await environment.escrow({}, (world) => {
      world.disputes.policy = disputePolicy({ appeal: false, returnConfirmMs: SOON_MS });
    });
    const dispute = await openDispute(environment.client, held);
    const { respond, verdict, sendReturn } = commandsOf(held);
    await dispute.ask(respond());
    await dispute.ask(verdict({ outcome: 'refund', returnGoods: true }));
    await held.world.until(({ disputes }) => disputes.of(dispute.id).dispute.phase === 'awaiting_return');
    expect((await dispute.ask(sendReturn())).phase).toBe('return_sent');
    expect(await dispute.handle.result()).toEqual({ settlement: toBuyer });
    expect(await held.handle.result()).toEqual({ status: 'refunded' });
  });

  it.concurrent('never ends a phase before its deadline', async () => {
    const held = await environment.escrow({}, (world) => {
      world.disputes.policy = disputePolicy({ sellerResponseMs: SOON_MS, mediationMs: SOON_MS, ...NO_APPEAL });
    });
    const dispute = await openDispute(environment.client, held);
    await dispute.handle.result();
    const [mediation, decided] = held.world.disputes.changes;
    expect(String(mediation?.at) >= String(dispute.opened.deadlineAt)).toBe(true);
    expect(Date.parse(String(decided?.at)) - Date.parse(String(mediation?.at))).toBeGreaterThanOrEqual(SOON_MS);
  });
});
