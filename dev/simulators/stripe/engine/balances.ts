/** What the platform and each connected account own, pending and available. */

import { type BalanceMove, PLATFORM } from '../objects.ts';
import { newStripeId, type Simulation } from '../simulation.ts';

export type Balance = { available: number; pending: number };

/** Adds to (or, below zero, takes from) an account's balance. Answers with the id of the balance transaction. */
export function moveBalance(simulation: Simulation, move: Omit<BalanceMove, 'id'>): string {
  return simulation.store.put('balance_moves', { id: newStripeId('txn'), ...move }).id;
}

/** The account's balances by currency, in Stripe's amounts. */
export function balancesOf(simulation: Simulation, account: string): Map<string, Balance> {
  const now = simulation.clock.now();
  const balances = new Map<string, Balance>();
  for (const move of simulation.store.all('balance_moves')) {
    if (move.account !== account) continue;
    const balance = balances.get(move.currency) ?? { available: 0, pending: 0 };
    if (move.availableOn <= now) balance.available += move.net;
    else balance.pending += move.net;
    balances.set(move.currency, balance);
  }
  return balances;
}

/** When the money of a charge becomes available, epoch milliseconds. */
export function chargeAvailableOn(simulation: Simulation, balanceTransaction: string | null): number {
  const move = balanceTransaction === null ? undefined : simulation.store.get('balance_moves', balanceTransaction);
  return move?.availableOn ?? simulation.clock.now();
}

/** The platform's share of a captured charge: the amount less Stripe's fee. */
export function bookCharge(
  simulation: Simulation,
  charge: { id: string; amount: number; currency: string; availableAtOnce: boolean },
): string {
  const { fee, availableAfterMs } = simulation.settings;
  const feeAmount = Math.min(charge.amount, Math.round((charge.amount * fee.bps) / 10_000) + fee.fixed);
  return moveBalance(simulation, {
    account: PLATFORM,
    currency: charge.currency,
    net: charge.amount - feeAmount,
    availableOn: simulation.clock.now() + (charge.availableAtOnce ? 0 : availableAfterMs),
    source: charge.id,
  });
}
