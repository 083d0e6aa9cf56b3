/** Says in words and in data why disputed money is held, what happens next by itself, and who can change it. */

import type { Explanation } from '../explain.ts';
import type { DisputeOutcome } from '../policy/policy.ts';
import type { NextStep, PossibleMove } from '../timeline.ts';
import { DISPUTE_COMMANDS, type DisputeCommandKind } from './commands.ts';
import { nextDisputeAction } from './deadlines.ts';
import type { Decision, DisputeCase, Party, Resolution } from './dispute.ts';

/** Why the contested part is held, and what comes next: the same words in the workflow's query and in the API. */
export function explainDispute(dispute: DisputeCase): Explanation {
  return { next: nextStepOf(dispute), canChange: movesOf(dispute) };
}

function nextStepOf(dispute: DisputeCase): NextStep {
  const action = nextDisputeAction(dispute);
  const kind = action.kind === 'decide' ? `decide_${action.outcome}` : action.kind;
  return { kind, at: action.at, text: textOf(dispute) };
}

function textOf(dispute: DisputeCase): string {
  const { phase, policy, bankSince, verdict, resolution } = dispute;
  if (bankSince !== null) return 'The buyer’s bank is deciding about this money. Until it has, nothing happens here.';
  switch (phase) {
    case 'seller_response': {
      const silence = policy.onSellerSilence === 'buyer' ? DEFAULTS.refund : 'a reviewer decides without an answer';
      return `The contested part is held. The seller is asked to respond. Without a response by then, ${silence}.`;
    }
    case 'mediation':
      return `The contested part is held while the parties talk and a reviewer decides. Without a decision by then, ${DEFAULTS[policy.onMediationSilence]}.`;
    case 'decided':
      return `Decided: ${words(verdict?.decision)}. Each party can appeal once. Without an appeal by then, this is final.`;
    case 'review':
      return `The decision (${words(verdict?.decision)}) is under review by somebody else. Without a review by then, it stands.`;
    case 'final':
      return `Final: ${words(resolution?.decision)}. It is being carried out.`;
    case 'awaiting_replacement':
      return 'The seller sends a replacement. Not shipped by then, the contested part goes back to the buyer.';
    case 'awaiting_return':
      return 'The buyer sends the goods back and is then refunded. Not sent by then, the seller is paid.';
    case 'return_sent':
      return 'The goods are on their way back. Without the seller’s confirmation by then, the buyer is refunded.';
    case 'resolved':
      return resolution === null ? 'The dispute is resolved.' : resolvedText(resolution);
    case 'withdrawn':
      return 'The dispute was withdrawn; the hold goes on as before.';
  }
}

const DEFAULTS = {
  refund: 'the contested part goes back to the buyer',
  release: 'the contested part goes to the seller',
  dismissal: 'the dispute is dismissed and the hold goes on',
} as const;

const OUTCOMES: Readonly<Record<DisputeOutcome, string>> = {
  ...DEFAULTS,
  split: 'the contested part is split between buyer and seller',
  replacement: 'the seller sends a replacement',
};

const BY: Readonly<Record<Resolution['by'], string>> = {
  offer: 'by agreement',
  verdict: 'by verdict',
  review: 'after review',
  default: 'because nobody acted in time',
  bank: 'by the buyer’s bank',
};

function words(decision: Decision | undefined): string {
  if (decision === undefined) return 'nothing yet';
  const returned = decision.outcome === 'refund' && decision.returnGoods === true;
  return returned ? 'the buyer sends the goods back and is refunded' : OUTCOMES[decision.outcome];
}

function resolvedText({ decision, by }: Resolution): string {
  return `The dispute is resolved ${BY[by]}: ${words(decision)}.`;
}

/** What changes the course; messages, evidence and claims do not. `admin` stands for every reviewer. */
const MOVES: readonly (readonly [DisputeCommandKind, request: string])[] = [
  ['respond', 'respond'],
  ['offer', 'offer'],
  ['acceptOffer', 'accept-offer'],
  ['declineOffer', 'decline-offer'],
  ['withdrawOffer', 'withdraw-offer'],
  ['withdraw', 'withdraw'],
  ['verdict', 'verdict'],
  ['appeal', 'appeal'],
  ['reviewVerdict', 'review-verdict'],
  ['shipReplacement', 'ship-replacement'],
  ['sendReturn', 'send-return'],
  ['confirmReturn', 'confirm-return'],
];

function movesOf(dispute: DisputeCase): PossibleMove[] {
  if (dispute.bankSince !== null) return [];
  return MOVES.flatMap(([kind, request]) => {
    const { roles, phases } = DISPUTE_COMMANDS[kind];
    if (!phases.includes(dispute.phase)) return [];
    return (['buyer', 'seller', 'admin'] as const)
      .filter((role) => roles.includes(role) && (role === 'admin' || isOpenTo(role, kind, dispute)))
      .map((by) => ({ by, move: request }));
  });
}

function isOpenTo(party: Party, kind: DisputeCommandKind, { offers, appeals, openedBy }: DisputeCase): boolean {
  const open = offers.filter((offer) => offer.status === 'open');
  switch (kind) {
    case 'acceptOffer':
    case 'declineOffer':
      return open.some((offer) => offer.by !== party);
    case 'withdrawOffer':
      return open.some((offer) => offer.by === party);
    case 'appeal':
      return !appeals.includes(party);
    case 'withdraw':
      return openedBy === 'buyer';
    default:
      return true;
  }
}
