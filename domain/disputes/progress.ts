/** How a dispute goes on: opened, moved by what people ask, by its deadlines and by the bank. Pure, from case to case. */

import { DomainError } from '../domain-error.ts';
import { type DisputeCommand, disputeRefusal } from './commands.ts';
import { movedBy, nextDisputeAction, phaseDurationMs } from './deadlines.ts';
import {
  canMoveDispute,
  type Decision,
  type DisputeActor,
  type DisputeCase,
  type DisputePhase,
  decisionOf,
  isContested,
  isUndecided,
  type Offer,
  type OfferStatus,
  partyOf,
  type Resolution,
  type Verdict,
} from './dispute.ts';

const CLOCK: DisputeActor = { role: 'system', id: 'system' };

/** What is known of a dispute when it is opened; `openingRefusal` has been asked before. */
export type NewDispute = Pick<
  DisputeCase,
  | 'disputeId'
  | 'escrowId'
  | 'buyerId'
  | 'sellerId'
  | 'openedBy'
  | 'reason'
  | 'fulfilment'
  | 'currency'
  | 'frozenMinor'
  | 'policy'
>;

/** A dispute as it begins: the seller is asked. One that the bank opens waits for the bank. */
export function beginDispute(input: NewDispute, at: string): DisputeCase {
  return {
    ...input,
    phase: 'seller_response',
    deadlineAt: movedBy(at, input.policy.sellerResponseMs),
    claimedBy: null,
    verdict: null,
    appeals: [],
    appealUntil: null,
    offers: [],
    resolution: null,
    bankSince: input.openedBy === 'provider' ? at : null,
  };
}

/** The dispute after a command that is carried out at this instant. Fails with the code it is refused with. */
export function afterCommand(dispute: DisputeCase, command: DisputeCommand, at: string): DisputeCase {
  const refusal = disputeRefusal(command, dispute, at);
  if (refusal) throw new DomainError(refusal.code, refusal.message);
  switch (command.kind) {
    case 'message':
    case 'evidence':
      return dispute;
    case 'respond':
      return enter(dispute, 'mediation', at);
    case 'offer':
      return { ...dispute, offers: withOffer(dispute, command) };
    case 'acceptOffer':
      return agreed(dispute, command.offerId, at);
    case 'declineOffer':
      return { ...dispute, offers: closed(dispute, command.offerId, 'declined') };
    case 'withdrawOffer':
      return { ...dispute, offers: closed(dispute, command.offerId, 'withdrawn') };
    case 'withdraw':
      return enter(dispute, 'withdrawn', at);
    case 'claim':
      return { ...dispute, claimedBy: command.actor.id };
    case 'verdict':
      return decided(dispute, { decision: command.decision, by: command.actor, at });
    case 'appeal':
      return appealed(dispute, command.actor, at);
    case 'reviewVerdict':
      return finalised(dispute, { decision: command.decision, by: 'review' }, at);
    case 'sendReturn':
      return enter(dispute, 'return_sent', at);
    case 'shipReplacement': {
      const { carrier, trackingNumber } = command;
      return enter({ ...dispute, replacement: { carrier, trackingNumber } }, 'resolved', at);
    }
    case 'confirmReturn':
      return enter(dispute, 'resolved', at);
  }
}

/**
 * The dispute after its deadline, at the instant this is noticed: the next phase lasts its full time from there. The same
 * case where nothing happens by itself. `final` has its deadline at once: this is what carries a decision out.
 */
export function afterDeadline(dispute: DisputeCase, at: string): DisputeCase {
  const action = nextDisputeAction(dispute);
  switch (action.kind) {
    case 'none':
      return dispute;
    case 'mediate':
      return enter(dispute, 'mediation', at);
    case 'decide':
      return decided(dispute, { decision: { outcome: action.outcome }, by: CLOCK, at });
    case 'finalise':
      return finalised(dispute, standing(dispute), at);
    case 'execute':
      return enter(dispute, firstStepOf(dispute.resolution), at);
    case 'refund':
    case 'release':
      return enter({ ...dispute, resolution: { decision: { outcome: action.kind }, by: 'default' } }, 'resolved', at);
  }
}

/** The bank has taken the matter up: every clock stops. The same case where it has already, or the dispute has ended. */
export function afterBankOpened(dispute: DisputeCase, at: string): DisputeCase {
  return dispute.bankSince !== null || dispute.deadlineAt === null ? dispute : { ...dispute, bankSince: at };
}

/**
 * The bank has decided. Lost: the money is gone, which ends the dispute. Won: a dispute that the bank opened is dismissed;
 * one that the buyer opened goes on where it stopped, its deadlines later by the bank's time.
 */
export function afterBankClosed(dispute: DisputeCase, result: 'won' | 'lost', at: string): DisputeCase {
  if (dispute.bankSince === null) return dispute;
  const passedMs = Date.parse(at) - Date.parse(dispute.bankSince);
  const { deadlineAt, appealUntil } = dispute;
  const resumed: DisputeCase = {
    ...dispute,
    bankSince: null,
    deadlineAt: deadlineAt && movedBy(deadlineAt, passedMs),
    appealUntil: appealUntil && movedBy(appealUntil, passedMs),
  };
  if (result === 'won' && dispute.openedBy === 'buyer') return resumed;
  const decision: Decision = { outcome: result === 'lost' ? 'refund' : 'dismissal' };
  return finalised(resumed, { decision, by: 'bank' }, at);
}

function decided(dispute: DisputeCase, verdict: Verdict): DisputeCase {
  const withVerdict = { ...dispute, verdict };
  if (!dispute.policy.appeal) return finalised(withVerdict, standing(withVerdict), verdict.at);
  const open = enter(withVerdict, 'decided', verdict.at);
  return { ...open, appealUntil: open.deadlineAt };
}

function appealed(dispute: DisputeCase, actor: DisputeActor, at: string): DisputeCase {
  const party = partyOf(dispute, actor);
  const joined = { ...dispute, appeals: party === null ? dispute.appeals : [...dispute.appeals, party] };
  return dispute.phase === 'review' ? joined : enter({ ...joined, claimedBy: null }, 'review', at);
}

function agreed(dispute: DisputeCase, offerId: string, at: string): DisputeCase {
  const offer = dispute.offers.find((each) => each.offerId === offerId);
  if (offer === undefined) throw new DomainError('offer_not_open', `no offer ${offerId} here`);
  const decision = decisionOf(offer.terms, dispute.frozenMinor);
  return finalised({ ...dispute, offers: closed(dispute, offerId, 'accepted') }, { decision, by: 'offer' }, at);
}

/** The first verdict, as what it will have been if nothing else comes. */
function standing({ disputeId, verdict }: DisputeCase): Resolution {
  if (verdict === null) throw new RangeError(`${disputeId} has no verdict to stand`);
  return { decision: verdict.decision, by: verdict.by.role === 'system' ? 'default' : 'verdict' };
}

/** The outcome is fixed. The bank's comes even where another was being carried out. */
function finalised(dispute: DisputeCase, resolution: Resolution, at: string): DisputeCase {
  return enter({ ...dispute, resolution }, isContested(dispute.phase) ? 'final' : 'resolved', at);
}

function firstStepOf(resolution: Resolution | null): DisputePhase {
  if (resolution === null) throw new RangeError('there is no decision to carry out');
  const { decision } = resolution;
  if (decision.outcome === 'replacement') return 'awaiting_replacement';
  return decision.outcome === 'refund' && decision.returnGoods === true ? 'awaiting_return' : 'resolved';
}

/** The next phase with its deadline. Throws a RangeError for a move that the table does not have. */
function enter(dispute: DisputeCase, phase: DisputePhase, at: string): DisputeCase {
  if (!canMoveDispute(dispute.phase, phase)) throw new RangeError(`no move from ${dispute.phase} to ${phase}`);
  const durationMs = phaseDurationMs(dispute.policy, phase);
  const offers = isUndecided(phase)
    ? dispute.offers
    : dispute.offers.map((offer) => (offer.status === 'open' ? { ...offer, status: 'lapsed' as const } : offer));
  return { ...dispute, phase, deadlineAt: durationMs === null ? null : movedBy(at, durationMs), offers };
}

/** A party has one open offer: the next one replaces it. */
function withOffer(dispute: DisputeCase, command: DisputeCommand & { kind: 'offer' }): Offer[] {
  const by = partyOf(dispute, command.actor);
  if (by === null) throw new DomainError('forbidden', 'only a party makes an offer');
  const earlier = dispute.offers.map((offer) =>
    offer.by === by && offer.status === 'open' ? { ...offer, status: 'replaced' as const } : offer,
  );
  return [...earlier, { offerId: command.offerId, by, terms: command.terms, status: 'open' }];
}

function closed(dispute: DisputeCase, offerId: string, status: OfferStatus): Offer[] {
  return dispute.offers.map((offer) => (offer.offerId === offerId ? { ...offer, status } : offer));
}
