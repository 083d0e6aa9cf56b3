/** Two things at once, some dozens of times each on the real server: one outcome, and the other is told why not. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningDisputeCommand } from '../../workflows/dispute/contract.ts';
import { caseIn } from './support/dispute-cases.ts';
import { ADMIN, askToOpen, commandsOf, OTHER_ADMIN, openDispute, POT, startDispute } from './support/disputes.ts';
import { startWorkflowEnvironment, type WorkflowEnvironment } from './support/environment.ts';
import { carried, type StartedEscrow } from './support/escrows.ts';
import { refusalCode } from './support/history.ts';
import { fromNow, holdPolicy } from './support/policies.ts';

const TRIALS = 24;
const GONE = 'WorkflowNotFoundError';

let environment: WorkflowEnvironment;
let escrow: StartedEscrow;
beforeAll(async () => {
  environment = await startWorkflowEnvironment();
  escrow = await environment.escrow();
});
afterAll(() => environment.close());

/** Plays it as often as there are trials, a few at a time; every other trial the other way round. */
async function inLanes<Result>(play: (isOdd: boolean) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  let left = TRIALS;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      results.push(await play(left % 2 === 1));
    }
  };
  await Promise.all(Array.from({ length: 6 }, lane));
  return results;
}

/** `done`, the code of the refusal, or that there was nobody left to ask: the API answers the same as for a refusal. */
const outcomeOf = (asked: Promise<unknown>): Promise<string> =>
  refusalCode(asked).then(
    (code) => code ?? 'done',
    (error: Error) => error.name,
  );

/** Two commands to one dispute in one breath: the answers in their order, and how many changes were stored. */
function race(phase: 'mediation' | 'review', one: RunningDisputeCommand, other: RunningDisputeCommand) {
  return inLanes(async (isOdd) => {
    const dispute = await startDispute(environment.client, escrow, caseIn(phase, escrow.input));
    const asked = (isOdd ? [other, one] : [one, other]).map((command) => outcomeOf(dispute.ask(command)));
    const answers = await Promise.all(asked);
    const events = escrow.world.disputes.changes.filter(({ disputeId }) => disputeId === dispute.id);
    return { answers: isOdd ? answers.toReversed() : answers, events: events.map(({ event }) => event) };
  });
}

const say = () => commandsOf(escrow);

/**
 * Exactly one was done, and the other got one of these. Where that ends the dispute and Temporal has repeated the task,
 * the winner asks again, and may come too late.
 */
function expectOneWinner(races: { answers: string[] }[], whenFirst: string[], whenSecond: string[]): void {
  const tooLate = (codes: string[]) => (codes.includes(GONE) ? codes.filter((code) => code !== GONE) : []);
  const allowed = [
    ...whenFirst.map((code) => `done ${code}`),
    ...whenSecond.map((code) => `${code} done`),
    ...tooLate(whenFirst).map((code) => `${GONE} ${code}`),
    ...tooLate(whenSecond).map((code) => `${code} ${GONE}`),
  ];
  expect(races.map(({ answers }) => answers.join(' ')).filter((outcome) => !allowed.includes(outcome))).toEqual([]);
  expect(races).toHaveLength(TRIALS);
}

describe('at once', () => {
  it('an offer is accepted and withdrawn: one of it, once', async () => {
    const races = await race('mediation', say().accept('ofr_seller'), say().takeBack('ofr_seller'));
    expectOneWinner(races, ['dispute_closed', GONE], ['offer_not_open']);
    for (const { answers, events } of races) {
      expect(events.includes('dispute.offer_accepted')).toBe(answers[0] !== 'offer_not_open');
      expect(events.includes('dispute.offer_withdrawn')).toBe(answers[1] === 'done');
    }
  });

  it('a verdict is given and an offer accepted: the money has one fate', async () => {
    const races = await race('mediation', say().verdict({ outcome: 'refund' }), say().accept('ofr_seller'));
    expectOneWinner(races, ['already_decided'], ['dispute_closed', GONE]);
  });

  it('two admins claim a case: it is one’s', async () => {
    const races = await race('mediation', say().claim(ADMIN), say().claim(OTHER_ADMIN));
    expectOneWinner(races, ['case_claimed'], ['case_claimed']);
  });

  it('two admins decide: the first decision is the decision', async () => {
    const [one, other] = [say().verdict({ outcome: 'refund' }), say().verdict({ outcome: 'release' }, OTHER_ADMIN)];
    const races = await race('mediation', one, other);
    expectOneWinner(races, ['already_decided'], ['already_decided']);
    for (const { events } of races) expect(events).toEqual(['dispute.decided']);
  });

  it('two reviewers review: once', async () => {
    const third = { role: 'verifier', id: 'usr_verifier' } as const;
    const races = await race(
      'review',
      say().review({ outcome: 'release' }),
      say().review({ outcome: 'refund' }, third),
    );
    expectOneWinner(races, ['dispute_closed', GONE], ['dispute_closed', GONE]);
  });

  it('a dispute and the auto-release: accepted at or before the deadline wins, later does not', async () => {
    const outcomes = await inLanes(async () => {
      const story = carried({ status: 'delivered', shipBy: null, releaseAt: fromNow(120) });
      const held = await environment.escrow({ carried: story });
      await new Promise((resolve) => setTimeout(resolve, 60 + Math.random() * 80));
      const answer = await outcomeOf(askToOpen(held, { reason: 'damaged' }));
      const isOpen = answer === 'done';
      if (!isOpen) expect(await held.handle.result()).toEqual({ status: 'released' });
      const [opened] = held.world.inputsOf('openDispute');
      // Accepted in time exactly where it was opened; the hold moved exactly where it was not.
      expect(isOpen).toBe(opened !== undefined && String(opened.at) <= String(story.releaseAt));
      expect(held.world.names().includes('releaseHold')).toBe(!isOpen);
      return answer;
    });
    expect(new Set([...outcomes, 'done', 'hold_already_releasing', 'dispute_window_closed', GONE]).size).toBe(4);
  });

  it('the rest of a hold is cancelled and shipped: one of both, whatever is contested beside it', async () => {
    const races = await inLanes(async (isOdd) => {
      const held = await environment.escrow({ policy: holdPolicy() });
      await openDispute(environment.client, held, { lines: POT });
      const kinds = isOdd ? (['cancel', 'ship'] as const) : (['ship', 'cancel'] as const);
      const answers = await Promise.all(kinds.map((kind) => outcomeOf(held.ask(kind))));
      const { status, restMinor } = held.world.escrow(held.input.escrowId);
      expect([`shipped 6000`, `refunded 0`]).toContain(`${status} ${restMinor}`);
      return { answers: isOdd ? answers : answers.toReversed() };
    });
    expectOneWinner(races, ['hold_disputed', 'illegal_transition'], ['order_not_cancellable']);
  });
});
