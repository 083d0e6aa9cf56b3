/** Who may ask what of a dispute, and when it is refused: one table, used before the workflow accepts and before it acts. */

import type { ErrorCode } from '../error-codes.ts';
import type { Refusal } from '../escrow-commands.ts';
import { isInTime } from './deadlines.ts';
import {
  type Decision,
  type DisputeActor,
  type DisputeCase,
  type DisputePhase,
  type DisputeRole,
  decisionOf,
  isContested,
  isOffered,
  isUndecided,
  type Offer,
  type OfferTerms,
  partyOf,
} from './dispute.ts';

type By = { actor: DisputeActor };

/** What a person can ask of a dispute. */
export type DisputeCommand =
  | (By & { kind: 'respond'; text: string })
  | (By & { kind: 'message'; text: string })
  /** `phase`: the one the file was brought for; a file that comes later belongs to no phase. */
  | (By & { kind: 'evidence'; sha256: string; phase: DisputePhase })
  | (By & { kind: 'offer'; offerId: string; terms: OfferTerms })
  | (By & { kind: 'acceptOffer' | 'declineOffer' | 'withdrawOffer'; offerId: string })
  | (By & { kind: 'withdraw' | 'claim' | 'sendReturn' | 'confirmReturn' })
  | (By & { kind: 'verdict' | 'reviewVerdict'; decision: Decision; note: string })
  | (By & { kind: 'appeal'; reason: string })
  | (By & { kind: 'shipReplacement'; carrier: string; trackingNumber: string });

export type DisputeCommandKind = DisputeCommand['kind'];

type CommandRule = { roles: readonly DisputeRole[]; phases: readonly DisputePhase[] };

const PARTIES = ['buyer', 'seller'] as const;
const REVIEWERS = ['admin', 'verifier'] as const;
const CONTESTED = ['seller_response', 'mediation', 'decided', 'review'] as const;
const UNDECIDED = ['seller_response', 'mediation'] as const;

/** Every command, the roles that may give it and the phases it belongs to. */
export const DISPUTE_COMMANDS: Readonly<Record<DisputeCommandKind, CommandRule>> = {
  respond: { roles: ['seller'], phases: ['seller_response'] },
  message: { roles: [...PARTIES, ...REVIEWERS], phases: CONTESTED },
  evidence: { roles: [...PARTIES, ...REVIEWERS], phases: CONTESTED },
  offer: { roles: PARTIES, phases: UNDECIDED },
  acceptOffer: { roles: PARTIES, phases: UNDECIDED },
  declineOffer: { roles: PARTIES, phases: UNDECIDED },
  withdrawOffer: { roles: PARTIES, phases: UNDECIDED },
  withdraw: { roles: ['buyer'], phases: UNDECIDED },
  claim: { roles: REVIEWERS, phases: ['seller_response', 'mediation', 'review'] },
  // The seller is heard first.
  verdict: { roles: REVIEWERS, phases: ['mediation'] },
  // In the review too: the other party has the whole window.
  appeal: { roles: PARTIES, phases: ['decided', 'review'] },
  reviewVerdict: { roles: REVIEWERS, phases: ['review'] },
  shipReplacement: { roles: ['seller'], phases: ['awaiting_replacement'] },
  sendReturn: { roles: ['buyer'], phases: ['awaiting_return'] },
  confirmReturn: { roles: ['seller'], phases: ['return_sent'] },
};

/** While the bank decides, people may still be heard; nothing is decided or agreed. */
const WHILE_THE_BANK_DECIDES: readonly DisputeCommandKind[] = ['message', 'evidence', 'claim'];

/** Null when the command may be carried out at this instant, else why not. */
export function disputeRefusal(command: DisputeCommand, dispute: DisputeCase, at: string): Refusal | null {
  return (
    refusedByAuthority(command, dispute) ??
    refusedByAppeals(command, dispute, at) ??
    refusedByPhase(command, dispute) ??
    refusedByDeadline(command, dispute, at) ??
    refusedByReviewer(command, dispute) ??
    refusedByContent(command, dispute)
  );
}

function refusedByAuthority({ kind, actor }: DisputeCommand, dispute: DisputeCase): Refusal | null {
  const deciding = kind === 'claim' || kind === 'verdict' || kind === 'reviewVerdict';
  const isReviewer = actor.role === 'admin' || actor.role === 'verifier';
  const isPartyById = actor.id === dispute.buyerId || actor.id === dispute.sellerId;
  if (isPartyById && (deciding || isReviewer)) return refuse('verdict_by_party', 'nobody decides their own dispute');
  const isSomebodyHere = isReviewer || partyOf(dispute, actor) !== null;
  if (!isSomebodyHere || !DISPUTE_COMMANDS[kind].roles.includes(actor.role)) {
    return refuse('forbidden', `a ${actor.role} may not ${kind} here`);
  }
  if (kind === 'withdraw' && dispute.openedBy !== 'buyer') {
    return refuse('forbidden', 'the bank opened this dispute: the bank closes it');
  }
  return null;
}

/** Before the phase is looked at, so that a second appeal is told what it is, whatever the first has led to. */
function refusedByAppeals({ kind, actor }: DisputeCommand, dispute: DisputeCase, at: string): Refusal | null {
  if (kind !== 'appeal') return null;
  if (!dispute.policy.appeal) return refuse('appeal_not_offered', 'this channel has no appeals');
  const party = partyOf(dispute, actor);
  if (party !== null && dispute.appeals.includes(party))
    return refuse('appeal_used', `the ${party} has appealed before`);
  if (dispute.bankSince !== null || isInTime(at, dispute.appealUntil)) return null;
  return refuse('appeal_window_closed', `appeals were possible until ${dispute.appealUntil}`);
}

function refusedByPhase({ kind }: DisputeCommand, dispute: DisputeCase): Refusal | null {
  const { phase, bankSince } = dispute;
  const { phases } = DISPUTE_COMMANDS[kind];
  if (!phases.includes(phase)) {
    const isTooLate = !isContested(phase) && phases.some(isContested);
    if (phase === 'resolved' || phase === 'withdrawn' || isTooLate) {
      return refuse('dispute_closed', `the outcome is fixed: ${phase}`);
    }
    if (isContested(phase) && !isUndecided(phase) && phases.every(isUndecided)) {
      return refuse('already_decided', 'a verdict has been given');
    }
    return refuse('not_your_turn', `cannot ${kind} in the phase ${phase}`);
  }
  if (bankSince !== null && !WHILE_THE_BANK_DECIDES.includes(kind)) {
    return refuse('chargeback_open', 'the bank is deciding about this money');
  }
  return null;
}

function refusedByDeadline(command: DisputeCommand, dispute: DisputeCase, at: string): Refusal | null {
  const { phase, deadlineAt, bankSince } = dispute;
  if (command.kind === 'evidence' && command.phase !== phase) {
    return refuse('evidence_sealed', `the evidence of the phase ${command.phase} is sealed; this is ${phase}`);
  }
  // A message changes nothing; an appeal has a window of its own; with the bank, no clock runs.
  if (command.kind === 'message' || command.kind === 'appeal' || bankSince !== null) return null;
  if (isInTime(at, deadlineAt)) return null;
  return command.kind === 'evidence'
    ? refuse('evidence_sealed', `the evidence of the phase ${phase} was sealed at ${deadlineAt}`)
    : refuse('deadline_passed', `the phase ${phase} ended at ${deadlineAt}`);
}

function refusedByReviewer({ kind, actor }: DisputeCommand, dispute: DisputeCase): Refusal | null {
  if (kind !== 'claim' && kind !== 'verdict' && kind !== 'reviewVerdict') return null;
  const { claimedBy, verdict } = dispute;
  if (verdict !== null && verdict.by.id === actor.id) {
    return refuse('same_reviewer', 'whoever gave the verdict does not review it');
  }
  if (claimedBy === null || claimedBy === actor.id) return null;
  return refuse('case_claimed', 'another reviewer works on this case');
}

function refusedByContent(command: DisputeCommand, dispute: DisputeCase): Refusal | null {
  switch (command.kind) {
    case 'offer':
      return refusedTerms(command.terms, dispute);
    case 'acceptOffer':
    case 'declineOffer':
    case 'withdrawOffer':
      return refusedAnswer(command, dispute);
    case 'verdict':
    case 'reviewVerdict':
      return command.note.trim() === ''
        ? refuse('reason_required', 'a verdict needs a note: it is shown to both parties')
        : refusedDecision(command.decision, dispute);
    case 'appeal':
      return command.reason.trim() === '' ? refuse('reason_required', 'an appeal needs a reason') : null;
    default:
      return null;
  }
}

function refusedTerms(terms: OfferTerms, dispute: DisputeCase): Refusal | null {
  const { currency, frozenMinor, policy } = dispute;
  if (terms.kind === 'split') {
    if (terms.currency !== currency) return refuse('currency_not_supported', `what is frozen is in ${currency}`);
    if (!isWithin(terms.buyerMinor, frozenMinor)) {
      return refuse('offer_out_of_range', `an offer is between 0 and ${frozenMinor}`);
    }
  }
  const { outcome } = decisionOf(terms, frozenMinor);
  // A seller who is paid in full by agreement is what a dismissal comes to.
  const isAgreedDismissal = outcome === 'release' && policy.outcomes.includes('dismissal');
  return isAgreedDismissal || isOffered(outcome, dispute) ? null : notOffered(outcome);
}

/** The answer must be the other side's, the withdrawal one's own; whichever came first has ended the offer. */
function refusedAnswer(command: By & { kind: string; offerId: string }, dispute: DisputeCase): Refusal | null {
  const offer: Offer | undefined = dispute.offers.find((each) => each.offerId === command.offerId);
  if (offer === undefined) return refuse('offer_not_open', `no offer ${command.offerId} here`);
  const isOwn = partyOf(dispute, command.actor) === offer.by;
  if (command.kind === 'withdrawOffer' && !isOwn) return refuse('forbidden', 'this is the other side’s offer');
  if (command.kind !== 'withdrawOffer' && isOwn) return refuse('not_your_turn', 'the other side answers an offer');
  return offer.status === 'open' ? null : refuse('offer_not_open', `the offer is ${offer.status}`);
}

function refusedDecision(decision: Decision, dispute: DisputeCase): Refusal | null {
  if (!isOffered(decision.outcome, dispute)) return notOffered(decision.outcome);
  if (decision.outcome === 'split' && !isWithin(decision.buyerMinor, dispute.frozenMinor)) {
    return refuse('amount_out_of_range', `a split is between 0 and ${dispute.frozenMinor}`);
  }
  if (decision.outcome === 'refund' && decision.returnGoods === true && dispute.fulfilment === 'digital') {
    return refuse('outcome_not_offered', 'digital goods cannot be sent back');
  }
  return null;
}

function isWithin(amountMinor: number, mostMinor: number): boolean {
  return Number.isSafeInteger(amountMinor) && amountMinor >= 0 && amountMinor <= mostMinor;
}

function notOffered(outcome: Decision['outcome']): Refusal {
  return refuse('outcome_not_offered', `${outcome} is not an outcome here`);
}

function refuse(code: ErrorCode, message: string): Refusal {
  return { code, message };
}
