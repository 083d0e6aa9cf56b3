/** What sellers owe after a claw-back: a negative balance of theirs, which later releases pay first. */

import type { EntityManager } from '@mikro-orm/postgresql';
import { receivableAccount } from '../../domain/accounts.ts';
import type { Currency } from '../../domain/currencies.ts';
import type { UserId } from '../../domain/ids.ts';
import { balanceOf, balancesOf } from './balances.ts';

/** What this seller owes in this currency, in minor units ≥ 0. */
export async function owedBy(em: EntityManager, userId: UserId, currency: Currency): Promise<number> {
  return Math.max(0, -(await balanceOf(em, receivableAccount(userId), currency)));
}

/** Everything this seller owes, per currency; nothing that is paid. */
export async function debtsOf(
  em: EntityManager,
  userId: UserId,
): Promise<{ amountMinor: number; currency: Currency }[]> {
  const balances = await balancesOf(em, receivableAccount(userId));
  return balances.flatMap(({ amountMinor, currency }) =>
    amountMinor < 0 ? [{ amountMinor: -amountMinor, currency }] : [],
  );
}

/**
 * What this seller owes, for a transaction that will pay or give up a part of it: until it ends, no other that asks in this
 * way gets an answer, so no debt is paid twice.
 */
export async function lockOwedBy(em: EntityManager, userId: UserId, currency: Currency): Promise<number> {
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [
    `${receivableAccount(userId)}/${currency}`,
  ]);
  return owedBy(em, userId, currency);
}
