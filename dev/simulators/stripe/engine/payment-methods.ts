/** The test payment methods the simulator knows, and what the buyer's bank does with each. */

import type { PaymentError } from '../objects.ts';

export type PaymentMethodBehaviour =
  | { kind: 'pays'; availableAtOnce?: boolean }
  | { kind: 'declines'; code: string; declineCode?: string; message: string }
  | { kind: 'asks_for_authentication' };

export type PaymentMethod = { id: string; type: string; last4: string; behaviour: PaymentMethodBehaviour };

const DECLINED = 'Your card was declined.';

/** docs.stripe.com/testing names them. */
const CARDS: Readonly<Record<string, { last4: string; behaviour: PaymentMethodBehaviour }>> = {
  pm_card_visa: { last4: '4242', behaviour: { kind: 'pays' } },
  pm_card_mastercard: { last4: '4444', behaviour: { kind: 'pays' } },
  pm_card_bypassPending: { last4: '0077', behaviour: { kind: 'pays', availableAtOnce: true } },
  pm_card_chargeDeclined: {
    last4: '0002',
    behaviour: { kind: 'declines', code: 'card_declined', declineCode: 'generic_decline', message: DECLINED },
  },
  pm_card_chargeDeclinedInsufficientFunds: {
    last4: '9995',
    behaviour: {
      kind: 'declines',
      code: 'card_declined',
      declineCode: 'insufficient_funds',
      message: 'Your card has insufficient funds.',
    },
  },
  pm_card_chargeDeclinedExpiredCard: {
    last4: '0069',
    behaviour: { kind: 'declines', code: 'expired_card', message: 'Your card has expired.' },
  },
  pm_card_authenticationRequired: { last4: '3184', behaviour: { kind: 'asks_for_authentication' } },
};

/** A test card by its name, or a method that sends the buyer elsewhere (UPI) by its type; null if unknown. */
export function findPaymentMethod(id: string | undefined, type: string | undefined): PaymentMethod | null {
  if (id !== undefined) {
    const card = Object.hasOwn(CARDS, id) ? CARDS[id] : undefined;
    return card ? { id, type: 'card', ...card } : null;
  }
  if (type === undefined) return null;
  return { id: `pm_${type}`, type, last4: '', behaviour: { kind: 'asks_for_authentication' } };
}

/** The error a declined attempt leaves on its PaymentIntent. */
export function declineError(behaviour: PaymentMethodBehaviour & { kind: 'declines' }, chargeId: string): PaymentError {
  return {
    type: 'card_error',
    code: behaviour.code,
    ...(behaviour.declineCode === undefined ? {} : { decline_code: behaviour.declineCode }),
    message: behaviour.message,
    charge: chargeId,
  };
}
