/** Journals of an order's payment: money, or the promise of it, comes in. */

import { authorisedAccount, holdAccount, lateAccount, walletAccount, worldAccount } from '../accounts.ts';
import type { Currency } from '../currencies.ts';
import type { EscrowId, OrderId, PaymentId, UserId } from '../ids.ts';
import { sumMinor } from '../money.ts';
import type { PaymentProviderName } from '../policy/policy.ts';
import { type Journal, journal, positiveMinor } from './journal.ts';

/** One vendor order's hold and what goes into it. */
export type HoldShare = { escrowId: EscrowId; grossMinor: number };

type OrderPayment = { orderId: OrderId; paymentId: PaymentId; provider: PaymentProviderName; currency: Currency };

/** Where a buyer's money comes from and goes back to: the world outside, or the wallet of a buyer who paid from it. */
export function buyerAccount(provider: PaymentProviderName, buyerId: UserId): string {
  return provider === 'wallet' ? walletAccount(buyerId) : worldAccount(provider);
}

/** The order is paid: its total moves into the holds. No `externalRef` where the wallet paid. */
export function paymentCaptured(
  input: OrderPayment & { buyerId: UserId; externalRef?: string; holds: readonly HoldShare[] },
): Journal {
  const { orderId, paymentId, provider, buyerId, currency, externalRef, holds } = input;
  return journal(
    { key: `order/${orderId}:paid`, kind: 'payment_captured', externalRef, orderId, memo: { paymentId } },
    currency,
    [[buyerAccount(provider, buyerId), -totalOf(holds)], ...holds.map(intoHold)],
  );
}

/** The buyer's card has authorised the order's total; nothing is charged yet, but the holds stand. */
export function paymentAuthorised(input: OrderPayment & { externalRef: string; holds: readonly HoldShare[] }): Journal {
  const { orderId, paymentId, provider, currency, externalRef, holds } = input;
  return journal(
    { key: `order/${orderId}:authorised`, kind: 'payment_authorised', externalRef, orderId, memo: { paymentId } },
    currency,
    [[authorisedAccount(provider), -totalOf(holds)], ...holds.map(intoHold)],
  );
}

/**
 * The authorised amount is charged; the holds do not change. Keyed by the order: an authorisation is captured once,
 * whichever hold asks first. `externalRef` must differ from the authorisation's: the charge, not the payment.
 */
export function authorisationCaptured(input: OrderPayment & { externalRef: string; amountMinor: number }): Journal {
  const { orderId, paymentId, provider, currency, externalRef } = input;
  const amountMinor = positiveMinor(input.amountMinor);
  return journal(
    { key: `order/${orderId}:captured`, kind: 'authorisation_captured', externalRef, orderId, memo: { paymentId } },
    currency,
    [
      [worldAccount(provider), -amountMinor],
      [authorisedAccount(provider), amountMinor],
    ],
  );
}

/** The whole authorisation is given up: every hold is emptied, and nobody was charged. */
export function authorisationCancelled(input: OrderPayment & { holds: readonly HoldShare[] }): Journal {
  const { orderId, paymentId, provider, currency, holds } = input;
  return journal(
    { key: `order/${orderId}:authorisation-cancelled`, kind: 'authorisation_cancelled', orderId, memo: { paymentId } },
    currency,
    [...holds.map(outOfHold), [authorisedAccount(provider), totalOf(holds)]],
  );
}

/** Money that arrived after its order's end; it waits on an account of its own for its refund. */
export function lateReceived(input: OrderPayment & { externalRef: string; amountMinor: number }): Journal {
  const { orderId, paymentId, provider, currency, externalRef } = input;
  const amountMinor = positiveMinor(input.amountMinor);
  return journal(
    { key: `order/${orderId}:late-received:${paymentId}`, kind: 'late_received', externalRef, orderId },
    currency,
    [
      [worldAccount(provider), -amountMinor],
      [lateAccount(paymentId), amountMinor],
    ],
  );
}

/** The late money went back to the buyer. */
export function lateRefunded(input: OrderPayment & { externalRef: string; amountMinor: number }): Journal {
  const { orderId, paymentId, provider, currency, externalRef } = input;
  const amountMinor = positiveMinor(input.amountMinor);
  return journal(
    { key: `order/${orderId}:late-refunded:${paymentId}`, kind: 'late_refunded', externalRef, orderId },
    currency,
    [
      [lateAccount(paymentId), -amountMinor],
      [worldAccount(provider), amountMinor],
    ],
  );
}

function totalOf(holds: readonly HoldShare[]): number {
  return sumMinor(holds.map((hold) => positiveMinor(hold.grossMinor)));
}

function intoHold({ escrowId, grossMinor }: HoldShare): readonly [string, number] {
  return [holdAccount(escrowId), grossMinor];
}

function outOfHold({ escrowId, grossMinor }: HoldShare): readonly [string, number] {
  return [holdAccount(escrowId), -grossMinor];
}
