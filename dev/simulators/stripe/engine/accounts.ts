/** Connected accounts: the sellers. */

import type { AccountObject } from '../objects.ts';
import { newStripeId, nowSeconds, type Simulation } from '../simulation.ts';
import { noSuch } from '../stripe-fault.ts';
import { balancesOf, moveBalance } from './balances.ts';

/** The accounts the demo's sellers are onboarded with. */
const SEED_ACCOUNTS = ['acct_sim_seller', 'acct_sim_seller2'];

/** Adds the demo's sellers where they are missing. */
export function seedAccounts(simulation: Simulation): void {
  for (const id of SEED_ACCOUNTS) {
    if (!simulation.store.get('accounts', id)) addAccount(simulation, id);
  }
}

export function addAccount(simulation: Simulation, id: string, email: string | null = null): AccountObject {
  return simulation.store.put('accounts', {
    id,
    object: 'account',
    type: 'express',
    country: 'US',
    created: nowSeconds(simulation),
    default_currency: 'usd',
    email,
    charges_enabled: true,
    payouts_enabled: true,
    details_submitted: true,
    capabilities: { transfers: 'active' },
    metadata: {},
  });
}

/** Throws resource_missing. */
export function requireAccount(simulation: Simulation, id: string): AccountObject {
  const account = simulation.store.get('accounts', id);
  if (!account) throw noSuch('account', id);
  return account;
}

/** Stripe gives or takes a seller's right to receive transfers, at any time. */
export function setTransfersCapability(
  simulation: Simulation,
  id: string,
  transfers: AccountObject['capabilities']['transfers'],
): AccountObject {
  const account = requireAccount(simulation, id);
  const changed = simulation.store.put('accounts', { ...account, capabilities: { transfers } });
  simulation.emit('capability.updated', { id: 'transfers', object: 'capability', account: id, status: transfers }, id);
  simulation.emit('account.updated', changed, id);
  return changed;
}

/**
 * The account's money goes to its bank, as its payouts do it: nothing is left to be reversed. What was still pending goes
 * too, as if the days until then had passed.
 */
export function emptyAccount(simulation: Simulation, id: string): void {
  requireAccount(simulation, id);
  const source = newStripeId('po');
  const now = simulation.clock.now();
  for (const { account, currency, net, availableOn } of simulation.store.all('balance_moves')) {
    if (account === id && availableOn > now)
      moveBalance(simulation, { account, currency, net: -net, availableOn, source });
  }
  for (const [currency, { available }] of balancesOf(simulation, id)) {
    if (available > 0) moveBalance(simulation, { account: id, currency, net: -available, availableOn: now, source });
  }
}
