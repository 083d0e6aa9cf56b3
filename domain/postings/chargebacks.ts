/** Journals of chargebacks, and of claiming back from a seller what was released already. */

import { holdAccount, receivableAccount, walletAccount, worldAccount } from '../accounts.ts';
import type { Currency } from '../currencies.ts';
import type { EscrowId, Id, OrderId, UserId } from '../ids.ts';
import { assertMinor } from '../money.ts';
import type { PaymentProviderName } from '../policy/policy.ts';
import { type Journal, journal, positiveMinor } from './journal.ts';

/** `reference` is the provider's object (a chargeback, refund or reversal): one escrow may see several. */
type Claim = {
  escrowId: EscrowId;
  orderId: OrderId;
  provider: PaymentProviderName;
  currency: Currency;
  amountMinor: number;
  reference: string;
};

/**
 * A chargeback is lost while the money is still held: it leaves the hold. `disputeId`: from the part that this dispute had
 * frozen, of which one chargeback may take several.
 */
export function chargebackLost(input: Claim & { disputeId?: Id<'dispute'> }): Journal {
  const { escrowId, orderId, disputeId, provider, currency, amountMinor, reference } = input;
  const part = disputeId === undefined ? `escrow/${escrowId}` : `dispute/${disputeId}`;
  return journal(
    { key: `${part}:chargeback-lost:${reference}`, kind: 'chargeback_lost', orderId, escrowId },
    currency,
    [
      [holdAccount(escrowId), -positiveMinor(amountMinor)],
      [worldAccount(provider), amountMinor],
    ],
  );
}

/** What the provider charges the platform for a chargeback; `escrowId` where a hold carries it. */
export function chargebackFee(input: Omit<Claim, 'escrowId'> & { escrowId?: EscrowId }): Journal {
  const { escrowId, orderId, provider, currency, amountMinor, reference } = input;
  const owner = escrowId === undefined ? `order/${orderId}` : `escrow/${escrowId}`;
  return journal({ key: `${owner}:chargeback-fee:${reference}`, kind: 'chargeback_fee', orderId, escrowId }, currency, [
    ['expense:psp_fees', -positiveMinor(amountMinor)],
    [worldAccount(provider), amountMinor],
  ]);
}

/** What a bank took that neither a hold nor a seller has: it had been paid back to the buyer before. The platform's loss. */
export function chargebackAbsorbed(input: Omit<Claim, 'escrowId'>): Journal {
  const { orderId, provider, currency, amountMinor, reference } = input;
  return journal(
    { key: `order/${orderId}:chargeback-absorbed:${reference}`, kind: 'chargeback_absorbed', orderId },
    currency,
    [
      ['loss:chargebacks', -positiveMinor(amountMinor)],
      [worldAccount(provider), amountMinor],
    ],
  );
}

/**
 * A chargeback or refund after the release: taken from the seller's wallet as far as `walletBalanceMinor` reaches, the
 * rest is owed. Where the transfer could be reversed, `transferReversed` has filled the wallet before.
 */
export function clawedBack(input: Claim & { sellerId: UserId; walletBalanceMinor: number }): Journal {
  const { escrowId, orderId, sellerId, provider, currency, reference } = input;
  const amountMinor = positiveMinor(input.amountMinor);
  const fromWalletMinor = Math.min(amountMinor, Math.max(0, assertMinor(input.walletBalanceMinor)));
  return journal(
    { key: `escrow/${escrowId}:clawed-back:${reference}`, kind: 'clawed_back', orderId, escrowId },
    currency,
    [
      [walletAccount(sellerId), -fromWalletMinor],
      [receivableAccount(sellerId), fromWalletMinor - amountMinor],
      [worldAccount(provider), amountMinor],
    ],
  );
}

/** A paid-out transfer was taken back from the seller's connected account. */
export function transferReversed(input: Claim & { sellerId: UserId }): Journal {
  const { escrowId, orderId, sellerId, provider, currency, amountMinor, reference } = input;
  return journal(
    {
      key: `escrow/${escrowId}:transfer-reversed:${reference}`,
      kind: 'transfer_reversed',
      externalRef: reference,
      orderId,
      escrowId,
    },
    currency,
    [
      [worldAccount(provider), -positiveMinor(amountMinor)],
      [walletAccount(sellerId), amountMinor],
    ],
  );
}

/** The key under which a release pays its seller's debt; `release` counts the releases of one hold. */
export function receivableSettledKey(input: {
  escrowId: EscrowId;
  disputeId?: Id<'dispute'>;
  release?: number;
}): string {
  const { escrowId, disputeId, release = 1 } = input;
  if (disputeId !== undefined) return `dispute/${disputeId}:receivable-settled`;
  return `escrow/${escrowId}:receivable-settled${release === 1 ? '' : `:${release}`}`;
}

/**
 * A later release (of `escrowId`, or of the part of it that `disputeId` froze) pays what its seller owes, before anything
 * is paid out.
 */
export function receivableSettled(
  input: Omit<Claim, 'provider' | 'reference'> & { sellerId: UserId; disputeId?: Id<'dispute'>; release?: number },
): Journal {
  const { escrowId, orderId, sellerId, currency, amountMinor } = input;
  const key = receivableSettledKey(input);
  return journal({ key, kind: 'receivable_settled', orderId, escrowId }, currency, [
    [walletAccount(sellerId), -positiveMinor(amountMinor)],
    [receivableAccount(sellerId), amountMinor],
  ]);
}

/** An admin gives up what a seller owes for one claw-back. */
export function receivableWrittenOff(input: Omit<Claim, 'provider'> & { sellerId: UserId }): Journal {
  const { escrowId, orderId, sellerId, currency, amountMinor, reference } = input;
  return journal(
    { key: `escrow/${escrowId}:written-off:${reference}`, kind: 'receivable_written_off', orderId, escrowId },
    currency,
    [
      ['loss:chargebacks', -positiveMinor(amountMinor)],
      [receivableAccount(sellerId), amountMinor],
    ],
  );
}
