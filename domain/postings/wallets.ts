/** Journals of users' wallets: deposits, and payouts (a withdrawal is one). */

import { payoutAccount, walletAccount, worldAccount } from '../accounts.ts';
import type { Currency } from '../currencies.ts';
import type { PaymentId, PayoutId, UserId } from '../ids.ts';
import type { PaymentProviderName } from '../policy/policy.ts';
import { type Journal, journal, positiveMinor } from './journal.ts';

type Outside = { provider: PaymentProviderName; externalRef: string };

/** `payoutId` keys its journals: a payout starts once, and ends once, paid or failed. */
type Payout = { payoutId: PayoutId; userId: UserId; currency: Currency; amountMinor: number };

/** A user has put money into the wallet. */
export function walletDeposited(
  input: Outside & { paymentId: PaymentId; userId: UserId; currency: Currency; amountMinor: number },
): Journal {
  const { paymentId, userId, provider, currency, externalRef } = input;
  const amountMinor = positiveMinor(input.amountMinor);
  return journal({ key: `deposit/${paymentId}:received`, kind: 'wallet_deposited', externalRef }, currency, [
    [worldAccount(provider), -amountMinor],
    [walletAccount(userId), amountMinor],
  ]);
}

/** Money leaves the wallet for a payout; refused by the ledger where the wallet has less. */
export function payoutStarted({ payoutId, userId, currency, amountMinor }: Payout): Journal {
  return journal({ key: `payout/${payoutId}:started`, kind: 'payout_started' }, currency, [
    [walletAccount(userId), -positiveMinor(amountMinor)],
    [payoutAccount(payoutId), amountMinor],
  ]);
}

/** The provider has the payout. */
export function payoutPaid(input: Outside & Omit<Payout, 'userId'>): Journal {
  const { payoutId, provider, currency, amountMinor, externalRef } = input;
  return journal({ key: `payout/${payoutId}:paid`, kind: 'payout_paid', externalRef }, currency, [
    [payoutAccount(payoutId), -positiveMinor(amountMinor)],
    [worldAccount(provider), amountMinor],
  ]);
}

/** The payout came to nothing: the money is back in the wallet. */
export function payoutFailed({ payoutId, userId, currency, amountMinor }: Payout): Journal {
  return journal({ key: `payout/${payoutId}:failed`, kind: 'payout_failed' }, currency, [
    [payoutAccount(payoutId), -positiveMinor(amountMinor)],
    [walletAccount(userId), amountMinor],
  ]);
}
