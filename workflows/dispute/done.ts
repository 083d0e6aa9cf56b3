/** Whether a case shows what a request asked for: its change may be stored although nobody has been answered. */

import { type Decision, type DisputeCase, partyOf } from '../../domain/disputes/dispute.ts';
import type { RunningDisputeCommand } from './contract.ts';

/**
 * A worker died after its commit and before its answer: when the requests that had been waiting are done again, in
 * whatever order, the one whose change is stored is answered and not refused for it.
 */
export function isDone(command: RunningDisputeCommand, dispute: DisputeCase): boolean {
  const { phase, offers, verdict, resolution, claimedBy, appeals } = dispute;
  const offerIs = (status: string): boolean =>
    'offerId' in command && offers.some((offer) => offer.offerId === command.offerId && offer.status === status);
  switch (command.kind) {
    case 'respond':
      return phase === 'mediation';
    case 'offer':
      return offers.some(({ offerId }) => offerId === command.offerId);
    case 'acceptOffer':
      return offerIs('accepted');
    case 'declineOffer':
      return offerIs('declined');
    case 'withdrawOffer':
      return offerIs('withdrawn');
    case 'withdraw':
      return phase === 'withdrawn';
    case 'claim':
      return claimedBy === command.actor.id;
    case 'verdict':
      return verdict?.by.id === command.actor.id && isSame(verdict.decision, command.decision);
    case 'appeal': {
      const party = partyOf(dispute, command.actor);
      return party !== null && appeals.includes(party);
    }
    case 'reviewVerdict':
      return resolution?.by === 'review' && isSame(resolution.decision, command.decision);
    case 'shipReplacement':
      return dispute.replacement?.trackingNumber === command.trackingNumber;
    case 'sendReturn':
      return phase === 'return_sent';
    case 'confirmReturn':
      return phase === 'resolved' && resolution?.by !== 'default';
  }
}

/** Both come from the same JSON, with their fields in the order they were sent. */
function isSame(one: Decision, other: Decision): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
