/** The names of the ledger's accounts, and how to read one. */

import {
  type EscrowId,
  type Id,
  type IdKind,
  isId,
  type MarketId,
  type PaymentId,
  type PayoutId,
  type UserId,
} from './ids.ts';
import { PAYMENT_PROVIDERS, type PaymentProviderName } from './policy/policy.ts';

/** Accounts the platform has one of per currency. */
export const SHARED_ACCOUNTS = [
  'revenue:commission',
  'revenue:buyer_fees',
  'revenue:shipping',
  'revenue:chips',
  'revenue:rake',
  'tax:collected',
  'expense:psp_fees',
  'loss:chargebacks',
  'chips:issued',
  'chips:rake',
] as const;
export type SharedAccount = (typeof SHARED_ACCOUNTS)[number];

/** Accounts that belong to one thing, by their prefix, with the kind of id that follows it. */
export const OWNED_ACCOUNTS = {
  hold: 'escrow',
  wallet: 'user',
  payout: 'payout',
  receivable: 'user',
  late: 'payment',
  'chips:wallet': 'user',
  'chips:market': 'market',
} as const satisfies Record<string, IdKind>;
export type OwnedAccountPrefix = keyof typeof OWNED_ACCOUNTS;

/** Money outside, at a provider: minus what came in, plus what went out. */
export const worldAccount = (provider: PaymentProviderName): string => `world:${provider}`;

/** Money a provider has authorised but not taken; zero for every finished order. */
export const authorisedAccount = (provider: PaymentProviderName): string => `world:${provider}_authorised`;

/** What is held for one vendor order; never below zero. */
export const holdAccount = (escrowId: EscrowId): string => `hold:${escrowId}`;

/** A user's money on the platform; never below zero. */
export const walletAccount = (userId: UserId): string => `wallet:${userId}`;

/** Money on its way out; never below zero, zero when the payout is paid or failed. */
export const payoutAccount = (payoutId: PayoutId): string => `payout:${payoutId}`;

/** What a seller owes after a claw-back, as a negative balance. */
export const receivableAccount = (userId: UserId): string => `receivable:${userId}`;

/** Money that arrived after its order's end, until it is refunded; never below zero. */
export const lateAccount = (paymentId: PaymentId): string => `late:${paymentId}`;

/** A user's chips; never below zero. */
export const chipsWalletAccount = (userId: UserId): string => `chips:wallet:${userId}`;

/** The pool of a market: every stake until it is settled, zero afterwards; never below zero. */
export const chipsMarketAccount = (marketId: MarketId): string => `chips:market:${marketId}`;

export type ParsedAccount =
  | { kind: 'shared'; name: SharedAccount }
  | { kind: 'world'; provider: PaymentProviderName; authorised: boolean }
  | { kind: OwnedAccountPrefix; ownerId: Id<IdKind> };

/** What an account's name says, or null for a name that no account can have. */
export function parseAccount(name: string): ParsedAccount | null {
  const shared = SHARED_ACCOUNTS.find((each) => each === name);
  if (shared) return { kind: 'shared', name: shared };
  const [, providerName, authorised] = /^world:([a-z]+?)(_authorised)?$/.exec(name) ?? [];
  const provider = PAYMENT_PROVIDERS.find((each) => each === providerName);
  if (provider) return { kind: 'world', provider, authorised: authorised !== undefined };
  const ownerId = name.slice(name.lastIndexOf(':') + 1);
  const prefix = name.slice(0, -ownerId.length - 1);
  if (!isOwnedPrefix(prefix)) return null;
  const idKind = OWNED_ACCOUNTS[prefix];
  return isId(idKind, ownerId) ? { kind: prefix, ownerId } : null;
}

function isOwnedPrefix(prefix: string): prefix is OwnedAccountPrefix {
  return Object.hasOwn(OWNED_ACCOUNTS, prefix);
}
