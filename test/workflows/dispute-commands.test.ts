/** What each command is answered in every phase of a dispute, and what people see of it meanwhile. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DisputePhase } from '../../domain/disputes/dispute.ts';
import type { RunningDisputeCommand } from '../../workflows/dispute/contract.ts';
import { disputeCaseQuery, disputeTimelineQuery } from '../../workflows/dispute/contract.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/shared/operator-view.ts';
import { caseIn } from './support/dispute-cases.ts';
import { ADMIN, commandsOf, OTHER_ADMIN, type StartedDispute, startDispute } from './support/disputes.ts';
import { startWorkflowEnvironment, type WorkflowEnvironment } from './support/environment.ts';
import type { StartedEscrow } from './support/escrows.ts';
import { eventsOf, refusalCode } from './support/history.ts';
import { fromNow } from './support/policies.ts';

let environment: WorkflowEnvironment;
let escrow: StartedEscrow;
beforeAll(async () => {
  environment = await startWorkflowEnvironment();
  escrow = await environment.escrow();
});
afterAll(() => environment.close());

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

const RESPONSE = 'seller_response';
const TALK = 'mediation';
const ASKED = [TALK, RESPONSE, 'final', RESPONSE, RESPONSE, 'withdrawn', RESPONSE, NO, NO, NO, NO, NO, NO];
const TALKING = [NO, TALK, 'final', TALK, TALK, 'withdrawn', TALK, 'decided', NO, NO, NO, NO, NO];

/** For each command in the order of KINDS, by whoever has the right to it: the phase it leads to, or its refusal. */
const ROWS = {
  seller_response: ASKED,
  mediation: TALKING,
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
      KINDS.map(async (kind, index) => {
        const dispute = await startDispute(environment.client, escrow, caseIn(phase, escrow.input));
        let reached = '';
        const code = await refusalCode(dispute.ask(commandOf(kind)).then((after) => (reached = after.phase)));
        // Refused: no event in the history.
        expect(await updatesIn(dispute)).toBe(code === null ? 2 : 0);
        // A task that Temporal has to repeat answers with what came by itself meanwhile.
        if (ROWS[phase][index] === 'final' && reached === 'resolved') reached = 'final';
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
