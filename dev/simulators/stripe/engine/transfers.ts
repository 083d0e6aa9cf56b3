/** Transfers from the platform to connected accounts, and their reversals. */

import { PLATFORM, type TransferObject, type TransferReversalObject } from '../objects.ts';
import { newStripeId, nowSeconds, type Simulation } from '../simulation.ts';
import { invalidRequest, noSuch } from '../stripe-fault.ts';
import { balancesOf, chargeAvailableOn, moveBalance } from './balances.ts';

export type CreateTransfer = {
  amount: number;
  currency: string;
  destination: string;
  source_transaction?: string;
  transfer_group?: string;
  description?: string;
  metadata?: Record<string, string>;
};

/** Money that leaves the platform: from a charge (available when the charge is), else from the available balance. */
export function createTransfer(simulation: Simulation, params: CreateTransfer): TransferObject {
  const currency = params.currency.toLowerCase();
  requireReceiver(simulation, params.destination);
  const availableOn =
    params.source_transaction === undefined
      ? requireAvailable(simulation, currency, params.amount)
      : useSource(simulation, { chargeId: params.source_transaction, currency, amount: params.amount });
  const id = newStripeId('tr');
  const move = { currency, availableOn, source: id };
  const balanceTransaction = moveBalance(simulation, { ...move, account: PLATFORM, net: -params.amount });
  moveBalance(simulation, { ...move, account: params.destination, net: params.amount });
  const transfer = simulation.store.put('transfers', {
    id,
    object: 'transfer',
    amount: params.amount,
    amount_reversed: 0,
    balance_transaction: balanceTransaction,
    created: nowSeconds(simulation),
    currency,
    description: params.description ?? null,
    destination: params.destination,
    livemode: false,
    metadata: params.metadata ?? {},
    reversed: false,
    source_transaction: params.source_transaction ?? null,
    transfer_group: params.transfer_group ?? null,
  });
  simulation.emit('transfer.created', transfer);
  return transfer;
}

/** Takes money back from the connected account, as far as its balance covers it. */
export function reverseTransfer(
  simulation: Simulation,
  id: string,
  params: { amount?: number; metadata?: Record<string, string> },
): TransferReversalObject {
  const transfer = simulation.store.get('transfers', id);
  if (!transfer) throw noSuch('transfer', id);
  const left = transfer.amount - transfer.amount_reversed;
  const amount = params.amount ?? left;
  if (amount < 1 || amount > left) {
    throw invalidRequest(`Transfer reversal amount (${amount}) is greater than the unreversed amount (${left})`);
  }
  const balance = balancesOf(simulation, transfer.destination).get(transfer.currency);
  if ((balance?.available ?? 0) + (balance?.pending ?? 0) < amount) {
    throw invalidRequest('The connected account has insufficient funds for this reversal.', 'balance_insufficient');
  }
  const availableOn = chargeAvailableOn(simulation, transfer.balance_transaction);
  const move = { currency: transfer.currency, availableOn, source: id };
  moveBalance(simulation, { ...move, account: transfer.destination, net: -amount });
  const reversed = simulation.store.put('transfers', {
    ...transfer,
    amount_reversed: transfer.amount_reversed + amount,
    reversed: amount === left,
  });
  const reversal = simulation.store.put('transfer_reversals', {
    id: newStripeId('trr'),
    object: 'transfer_reversal',
    amount,
    balance_transaction: moveBalance(simulation, { ...move, account: PLATFORM, net: amount }),
    created: nowSeconds(simulation),
    currency: transfer.currency,
    metadata: params.metadata ?? {},
    transfer: id,
  });
  simulation.emit('transfer.reversed', reversed);
  return reversal;
}

function requireReceiver(simulation: Simulation, id: string): void {
  const account = simulation.store.get('accounts', id);
  if (!account) throw noSuch('destination', id, 'destination');
  if (account.capabilities.transfers === 'active') return;
  throw invalidRequest(
    'Your destination account needs to have at least one of the following capabilities enabled: transfers',
    'insufficient_capabilities_for_transfer',
  );
}

function requireAvailable(simulation: Simulation, currency: string, amount: number): number {
  const available = balancesOf(simulation, PLATFORM).get(currency)?.available ?? 0;
  if (available < amount) {
    throw invalidRequest('You have insufficient available funds in your Stripe account.', 'balance_insufficient');
  }
  return simulation.clock.now();
}

/** Books the amount against the charge; answers when its money becomes available. */
function useSource(simulation: Simulation, use: { chargeId: string; currency: string; amount: number }): number {
  const { store } = simulation;
  const charge = store.get('charges', use.chargeId);
  if (!charge) throw noSuch('charge', use.chargeId, 'source_transaction');
  if (!charge.captured)
    throw invalidRequest('The source transaction is not captured.', undefined, 'source_transaction');
  if (charge.currency !== use.currency) {
    throw invalidRequest(
      'The currency of source_transaction differs from the transfer.',
      undefined,
      'source_transaction',
    );
  }
  const transferred = (store.get('charge_uses', charge.id)?.transferred ?? 0) + use.amount;
  if (transferred > charge.amount_captured) {
    throw invalidRequest(
      `Transfers using this transaction as a source must not exceed the source amount of ${charge.amount_captured}.`,
      undefined,
      'amount',
    );
  }
  store.put('charge_uses', { id: charge.id, transferred });
  return chargeAvailableOn(simulation, charge.balance_transaction);
}
