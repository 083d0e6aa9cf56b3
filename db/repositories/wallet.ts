/** A user's wallet, read from the ledger. */

import type { EntityManager } from '@mikro-orm/postgresql';
import { chipsWalletAccount, walletAccount } from '../../domain/accounts.ts';
import type { UserId } from '../../domain/ids.ts';
import type { Money } from '../../domain/money.ts';
import { type AccountEntry, balancesOf, listEntries } from '../ledger/balances.ts';
import { debtsOf } from '../ledger/receivables.ts';

export type WalletEntry = AccountEntry;

/** Money and chips of a user stand on accounts of their own, since neither ever becomes the other. */
const accountsOf = (userId: UserId): string[] => [walletAccount(userId), chipsWalletAccount(userId)];

/** What the wallet holds, per currency; chips are one of them. */
export async function walletBalances(em: EntityManager, userId: UserId): Promise<Money[]> {
  const balances: Money[] = [];
  for (const account of accountsOf(userId)) balances.push(...(await balancesOf(em, account)));
  return balances;
}

/** What its owner owes after a claw-back, per currency; nothing that is paid. */
export function walletDebts(em: EntityManager, userId: UserId): Promise<Money[]> {
  return debtsOf(em, userId);
}

/** The wallet's entries before `beforeId` (null: from the newest), newest first. */
export function listWalletEntries(
  em: EntityManager,
  userId: UserId,
  page: { beforeId: number | null; limit: number },
): Promise<WalletEntry[]> {
  return listEntries(em, accountsOf(userId), page);
}
