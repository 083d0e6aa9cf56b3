/** What a signal about a dispute or a chargeback must have, for the wire can carry anything and the story must go on. */

import { AUTHENTICITY_RESULTS } from '../../domain/authenticity/case.ts';
import { isFact } from '../shared/seen-events.ts';
import type {
  AuthenticityDecided,
  DisputeResolved,
  EscrowChargebackClosed,
  EscrowChargebackOpened,
} from './contract.ts';

export function isDisputeResolved(fact: unknown): fact is DisputeResolved {
  if (!isFact(fact) || !('disputeId' in fact) || typeof fact.disputeId !== 'string') return false;
  const settlement = 'settlement' in fact ? fact.settlement : null;
  if (typeof settlement !== 'object' || settlement === null || !('kind' in settlement)) return false;
  if (settlement.kind === 'hold_goes_on' || settlement.kind === 'charged_back') return true;
  return settlement.kind === 'split' && 'buyerMinor' in settlement && isAmount(settlement.buyerMinor);
}

/** Goods that go on to the buyer say how; a result that nobody knows is none. */
export function isAuthenticityDecided(fact: unknown): fact is AuthenticityDecided {
  if (!isFact(fact) || !('result' in fact) || !('refundMinor' in fact) || !('forwarded' in fact)) return false;
  if (!AUTHENTICITY_RESULTS.some((result) => result === fact.result) || !isAmount(fact.refundMinor)) return false;
  const { forwarded } = fact;
  if (forwarded === null) return true;
  return typeof forwarded === 'object' && 'carrier' in forwarded && 'trackingNumber' in forwarded;
}

export function isChargebackOpened(fact: unknown): fact is EscrowChargebackOpened {
  return isOfTheBank(fact) && 'amountMinor' in fact && isAmount(fact.amountMinor);
}

export function isChargebackClosed(fact: unknown): fact is EscrowChargebackClosed {
  return isOfTheBank(fact) && 'result' in fact && (fact.result === 'won' || fact.result === 'lost');
}

function isOfTheBank(fact: unknown): fact is { eventId: string; chargebackId: string } {
  return isFact(fact) && 'chargebackId' in fact && typeof fact.chargebackId === 'string';
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
