/** The journal of a price that was lowered: the buyer took goods that a verifier found not to be as described. */

import { holdAccount } from '../accounts.ts';
import type { Currency } from '../currencies.ts';
import type { EscrowId, OrderId, UserId } from '../ids.ts';
import type { PaymentProviderName } from '../policy/policy.ts';
import { type Journal, journal, positiveMinor } from './journal.ts';
import { buyerAccount } from './payments.ts';

/**
 * This much of the hold goes back to the buyer (`carveOutAmount` says what is left of each component); the rest of the
 * hold goes on. Once per escrow. Needs a captured payment. `externalRef` is the provider's refund, where there is one.
 */
export function holdPriceLowered(input: {
  escrowId: EscrowId;
  orderId: OrderId;
  buyerId: UserId;
  provider: PaymentProviderName;
  currency: Currency;
  amountMinor: number;
  externalRef?: string;
}): Journal {
  const { escrowId, orderId, buyerId, provider, currency, externalRef } = input;
  const amountMinor = positiveMinor(input.amountMinor);
  return journal(
    { key: `authenticity/${escrowId}:lower-price`, kind: 'hold_split', externalRef, orderId, escrowId },
    currency,
    [
      [holdAccount(escrowId), -amountMinor],
      [buyerAccount(provider, buyerId), amountMinor],
    ],
  );
}
