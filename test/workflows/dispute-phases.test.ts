/** Every phase of a dispute: what silence comes to, and what each command is answered. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DisputePhase, Settlement } from '../../domain/disputes/dispute.ts';
import type { DisputePolicy } from '../../domain/policy/policy.ts';
import type { RunningDisputeCommand } from '../../workflows/dispute/contract.ts';
import { disputeCaseQuery, disputeTimelineQuery } from '../../workflows/dispute/contract.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/shared/operator-view.ts';
import { caseIn } from './support/dispute-cases.ts';
import { ADMIN, commandsOf, OTHER_ADMIN, openDispute, type StartedDispute, startDispute } from './support/disputes.ts';
import { startWorkflowEnvironment, type WorkflowEnvironment } from './support/environment.ts';
import type { StartedEscrow } from './support/escrows.ts';
import { eventsOf, refusalCode } from './support/history.ts';
import { disputePolicy, fromNow } from './support/policies.ts';

const SOON_MS = 200;

let environment: WorkflowEnvironment;
let escrow: StartedEscrow;
beforeAll(async () => {
  environment = await startWorkflowEnvironment();
  escrow = await environment.escrow();
});
afterAll(() => environment.close());

type Say = ReturnType<typeof commandsOf>;
type Silence = {
  phase: DisputePhase;
  what: string;
  policy: Partial<DisputePolicy>;
  before: (say: Say) => RunningDisputeCommand[];
  then: string[];
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
    then: ['dispute.mediation', 'dispute.decided_by_default', 'dispute.final', 'dispute.resolved'],
    settlement: toBuyer,
  },
  {
    phase: 'seller_response',
    what: 'is for the buyer where the channel says so',
    policy: { sellerResponseMs: SOON_MS, onSellerSilence: 'buyer', ...APPEALS_SOON },
    before: () => [],
    then: ['dispute.decided_by_default', 'dispute.final', 'dispute.resolved'],
    settlement: toBuyer,
  },
  {
    phase: 'mediation',
    what: 'is for the seller where the channel says so',
    policy: { mediationMs: SOON_MS, onMediationSilence: 'release', ...APPEALS_SOON },
    before: ({ respond }) => [respond()],
    then: ['dispute.decided_by_default', 'dispute.final', 'dispute.resolved'],
    settlement: toSeller,
  },
  {
    phase: 'mediation',
    what: 'dismisses the dispute where the channel says so, at once where nobody can appeal',
    policy: { mediationMs: SOON_MS, onMediationSilence: 'dismissal', ...NO_APPEAL },
    before: ({ respond }) => [respond()],
    then: ['dispute.decided_by_default', 'dispute.resolved'],
    settlement: { kind: 'hold_goes_on' },
  },
  {
    phase: 'decided',
    what: 'makes the verdict final',
    policy: APPEALS_SOON,
    before: ({ respond, verdict }) => [respond(), verdict({ outcome: 'split', buyerMinor: 1 })],
    then: ['dispute.final', 'dispute.resolved'],
    settlement: { kind: 'split', buyerMinor: 1 },
  },
  {
    phase: 'review',
    what: 'lets the verdict stand',
    policy: { reviewMs: SOON_MS },
    before: ({ respond, verdict, appeal }) => [respond(), verdict({ outcome: 'refund' }), appeal()],
    then: ['dispute.final', 'dispute.resolved'],
    settlement: toBuyer,
  },
  {
    phase: 'awaiting_replacement',
    what: 'refunds the buyer',
    policy: { replacementShipMs: SOON_MS, ...NO_APPEAL },
    before: ({ respond, verdict }) => [respond(), verdict({ outcome: 'replacement' })],
    then: ['dispute.executing', 'dispute.resolved'],
    settlement: toBuyer,
  },
  {
    phase: 'awaiting_return',
    what: 'pays the seller',
    policy: { returnShipMs: SOON_MS, ...NO_APPEAL },
    before: ({ respond, verdict }) => [respond(), verdict({ outcome: 'refund', returnGoods: true })],
    then: ['dispute.executing', 'dispute.resolved'],
    settlement: toSeller,
  },
];

describe('silence', () => {
  it.concurrent.each(SILENCES)('in $phase $what', async ({ policy, before, then, settlement }) => {
    const held = await environment.escrow({}, (world) => {
      world.disputes.policy = disputePolicy(policy);
    });
    const dispute = await openDispute(environment.client, held);
    for (const command of before(commandsOf(held))) await dispute.ask(command);
    expect(await dispute.handle.result()).toEqual({ settlement });
    const { changes } = held.world.disputes;
    expect(changes.slice(before(commandsOf(held)).length).map(({ event }) => event)).toEqual(then);
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

const KINDS = [
  'respond',
  'offer',
  'accept',
  'decline',
  'takeBack',
  'withdraw',
  'claim',
  'verdict',
  'appeal',
  'review',
  'shipReplacement',
  'sendReturn',
  'confirmReturn',
] as const;
type Kind = (typeof KINDS)[number];

const NO = 'not_your_turn';
const DECIDED = 'already_decided';
const CLOSED = 'dispute_closed';

/** Up to the review, and in a channel without appeals: what is fixed is fixed. */
const CARRIED_OUT = [CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, 'appeal_not_offered', CLOSED];

/** For each command in the order of KINDS, by whoever has the right to it: the phase it leads to, or its refusal. */
const ROWS = {
  seller_response: [
    ...['mediation', 'seller_response', 'final', 'seller_response', 'seller_response', 'withdrawn', 'seller_response'],
    ...[NO, NO, NO, NO, NO, NO],
  ],
  mediation: [
    ...[NO, 'mediation', 'final', 'mediation', 'mediation', 'withdrawn', 'mediation'],
    ...['decided', NO, NO, NO, NO, NO],
  ],
  decided: [DECIDED, DECIDED, DECIDED, DECIDED, DECIDED, DECIDED, NO, DECIDED, 'review', NO, NO, NO, NO],
  review: [DECIDED, DECIDED, DECIDED, DECIDED, DECIDED, DECIDED, 'review', DECIDED, 'review', 'final', NO, NO, NO],
  awaiting_replacement: [...CARRIED_OUT, 'resolved', NO, NO],
  awaiting_return: [...CARRIED_OUT, NO, 'return_sent', NO],
  return_sent: [...CARRIED_OUT, NO, NO, 'resolved'],
} as const satisfies Partial<Record<DisputePhase, readonly string[]>>;
type Phase = keyof typeof ROWS;

function commandOf(kind: Kind): RunningDisputeCommand {
  const say = commandsOf(escrow);
  switch (kind) {
    case 'accept':
    case 'decline':
    case 'takeBack':
      return say[kind]('ofr_seller');
    case 'offer':
      return say.offer(1);
    case 'verdict':
    case 'review':
      return say[kind]({ outcome: 'release' });
    case 'appeal':
      return say.appeal({ role: 'buyer', id: escrow.input.buyerId });
    case 'claim':
      return say.claim(OTHER_ADMIN);
    default:
      return say[kind]();
  }
}

const updatesIn = async ({ handle }: StartedDispute): Promise<number> =>
  (await eventsOf(handle)).filter((name) => name.startsWith('workflowExecutionUpdate')).length;

describe('every command in every phase', () => {
  it.concurrent.each(Object.keys(ROWS) as Phase[])('%s', async (phase) => {
    const outcomes = await Promise.all(
      KINDS.map(async (kind) => {
        const dispute = await startDispute(environment.client, escrow, caseIn(phase, escrow.input));
        let reached = '';
        const code = await refusalCode(dispute.ask(commandOf(kind)).then((after) => (reached = after.phase)));
        // Refused: no event in the history.
        expect(await updatesIn(dispute)).toBe(code === null ? 2 : 0);
        return [kind, code ?? reached] as const;
      }),
    );
    expect(Object.fromEntries(outcomes)).toEqual(
      Object.fromEntries(KINDS.map((kind, index) => [kind, ROWS[phase][index]])),
    );
  });

  it.concurrent('with the bank is refused, but for a claim', async () => {
    const withBank = { ...caseIn('mediation', escrow.input), bankSince: fromNow(0) };
    const dispute = await startDispute(environment.client, escrow, withBank);
    const say = commandsOf(escrow);
    for (const command of [say.offer(1), say.withdraw(), say.verdict({ outcome: 'release' })]) {
      expect(await refusalCode(dispute.ask(command))).toBe('chargeback_open');
    }
    expect((await dispute.ask(say.claim())).claimedBy).toBe(ADMIN.id);
  });

  it.concurrent('by somebody who is none of its people is refused', async () => {
    const dispute = await startDispute(environment.client, escrow, caseIn('seller_response', escrow.input));
    const say = commandsOf({ buyer: { role: 'buyer', id: 'usr_x' }, seller: { role: 'seller', id: 'usr_y' } });
    for (const command of [say.respond(), say.withdraw(), say.offer(1)]) {
      expect(await refusalCode(dispute.ask(command))).toBe('forbidden');
    }
    const asReviewer = { role: 'admin', id: escrow.input.sellerId } as const;
    expect(await refusalCode(dispute.ask(say.claim(asReviewer)))).toBe('verdict_by_party');
  });

  it.concurrent('without contents, and facts that are none, are refused and wedge nothing', async () => {
    const dispute = await startDispute(environment.client, escrow, caseIn('seller_response', escrow.input));
    const { buyer, seller } = escrow;
    const nonsense = [undefined, null, 'x', {}, { kind: 'respond' }, { kind: 'verdict', actor: ADMIN }];
    const rows = [
      { kind: 'message', actor: seller, text: 'Hello' },
      { kind: 'evidence', actor: buyer, sha256: 'ab' },
    ];
    for (const command of [...nonsense, ...rows]) {
      const asked = dispute.handle.executeUpdate<unknown, [unknown]>('command', { args: [command] });
      await expect(asked).rejects.toThrow('Update failed');
    }
    for (const fact of [undefined, {}, { eventId: 'evt' }, { eventId: 'evt', chargebackId: 'dp_1', result: 'drawn' }]) {
      await dispute.handle.signal('bankOpened', fact);
      await dispute.handle.signal('bankClosed', fact);
    }
    const { respond } = commandsOf(escrow);
    expect(await refusalCode(dispute.ask(respond()))).toBe('chargeback_open');
  });
});

describe('a running dispute', () => {
  it.concurrent('tells its story, what comes next and who can change it', async () => {
    const dispute = await startDispute(environment.client, escrow, caseIn('seller_response', escrow.input));
    const { respond, verdict } = commandsOf(escrow);
    await dispute.ask(respond());
    const decided = await dispute.ask(verdict({ outcome: 'refund' }));
    expect(await dispute.handle.query(disputeCaseQuery)).toEqual(decided);
    const timeline = await dispute.handle.query(disputeTimelineQuery);
    expect(timeline).toMatchObject({ status: 'decided', next: { kind: 'finalise', at: decided.deadlineAt } });
    expect(timeline.canChange).toContainEqual({ by: 'seller', move: 'appeal' });
    const attributes = (await dispute.handle.describe()).typedSearchAttributes;
    expect(attributes.get(SEARCH_ATTRIBUTES.disputePhase)).toBe('decided');
    expect(attributes.get(SEARCH_ATTRIBUTES.nextActionAt)?.toISOString()).toBe(decided.deadlineAt);
  });

  it.concurrent('takes an offer that is made twice as one, and a request under one id as one', async () => {
    const dispute = await startDispute(environment.client, escrow, caseIn('seller_response', escrow.input));
    const { offer, respond } = commandsOf(escrow);
    const made = offer(100);
    const before = (await dispute.handle.query(disputeCaseQuery)).offers.length;
    const answers = [await dispute.ask(made), await dispute.ask(made)];
    expect(answers.map(({ offers }) => offers.length)).toEqual([before + 1, before + 1]);
    const asked = await Promise.all([1, 2, 3].map(() => dispute.ask(respond(), 'same')));
    expect(asked.map(({ phase }) => phase)).toEqual(['mediation', 'mediation', 'mediation']);
  });

  it.concurrent('is not ended by an operator’s cancel', async () => {
    const dispute = await startDispute(environment.client, escrow, caseIn('seller_response', escrow.input));
    await dispute.handle.cancel();
    const { respond } = commandsOf(escrow);
    expect((await dispute.ask(respond())).phase).toBe('mediation');
  });
});
