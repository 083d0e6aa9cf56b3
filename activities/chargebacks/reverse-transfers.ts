/** The first rung of the ladder: payouts are taken back from the seller's connected account, as far as it has money. */

import { Chargeback } from '../../db/entities/chargeback.entity.ts';
import { ClawBack, type PlannedReversal } from '../../db/entities/claw-back.entity.ts';
import { SellerAccount } from '../../db/entities/seller-account.entity.ts';
import type { EntityManager } from '../../db/orm.ts';
import { planClawBack } from '../../domain/disputes/claw-back.ts';
import type { EscrowId } from '../../domain/ids.ts';
import { sumMinor } from '../../domain/money.ts';
import type { PaymentProvider } from '../../providers/payments/port.ts';
import { ProviderError } from '../../providers/payments/provider-error.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { throwProviderFailure } from '../provider-failures.ts';
import { sendOnce } from '../provider-requests.ts';
import { reversalKey, transfersOf } from './reversals.ts';

/**
 * What is taken back of which payout is decided once and kept, so that every try asks the provider for the same; a refusal
 * (the account was emptied meanwhile) is remembered, and the ladder goes on without it.
 */
export async function reverseTransfers(
  { orm, providers }: ActivityDependencies,
  { chargebackId, escrowId }: { chargebackId: string; escrowId: EscrowId },
): Promise<{ reversedMinor: number }> {
  const em = orm.em.fork();
  const claim = await em.findOneOrFail(ClawBack, { chargebackId, escrowId });
  if (claim.takenAt) return { reversedMinor: claim.reversedMinor };
  const { provider: name } = await em.findOneOrFail(Chargeback, { id: chargebackId });
  const provider = providers.get(name);
  try {
    const reversals = claim.reversals ?? (await keepPlan(em, claim, await planReversals(em, provider, claim)));
    let reversedMinor = 0;
    for (const reversal of reversals) reversedMinor += await reverseOnce(em, provider, claim, reversal);
    return { reversedMinor };
  } catch (error) {
    return throwProviderFailure(error);
  }
}

async function planReversals(
  em: EntityManager,
  provider: PaymentProvider,
  claim: ClawBack,
): Promise<PlannedReversal[]> {
  const { escrowId, sellerId, currency, amountMinor } = claim;
  const transfers = await transfersOf(em, escrowId);
  const account = await em.findOne(SellerAccount, { userId: sellerId, provider: provider.name });
  if (!account || transfers.length === 0) return [];
  const availableMinor = await availableIn(provider, { account: account.accountId, currency });
  const paidOutMinor = sumMinor(transfers.map(({ leftMinor }) => leftMinor));
  const reversibleMinor = Math.min(availableMinor, paidOutMinor);
  const [first] = planClawBack({ amountMinor, reversibleMinor, walletMinor: 0 });
  let leftMinor = first?.kind === 'reverse_transfer' ? first.amountMinor : 0;
  return transfers.flatMap((transfer) => {
    const backMinor = Math.min(leftMinor, transfer.leftMinor);
    leftMinor -= backMinor;
    return backMinor > 0 ? [{ transferId: transfer.transferId, amountMinor: backMinor }] : [];
  });
}

/** An account that the provider does not let us look into any more gives nothing back. */
async function availableIn(
  provider: PaymentProvider,
  of: { account: string; currency: ClawBack['currency'] },
): Promise<number> {
  try {
    return await provider.availableBalance(of);
  } catch (error) {
    if (isRefusal(error)) return 0;
    throw error;
  }
}

/** The plan that is kept: this one, or that of whoever was first. */
async function keepPlan(em: EntityManager, claim: ClawBack, plan: PlannedReversal[]): Promise<PlannedReversal[]> {
  const { chargebackId, escrowId } = claim;
  const mine = { chargebackId, escrowId };
  const kept = await em.nativeUpdate(ClawBack, { ...mine, reversals: null }, { reversals: plan });
  if (kept === 1) return plan;
  return (await em.findOneOrFail(ClawBack, mine, { refresh: true })).reversals ?? [];
}

async function reverseOnce(
  em: EntityManager,
  provider: PaymentProvider,
  { chargebackId, currency }: ClawBack,
  { transferId, amountMinor }: PlannedReversal,
): Promise<number> {
  const reference = reversalKey(chargebackId, transferId);
  const input = { transferId, amountMinor, currency, reference };
  const sent = await sendOnce<{ id: string | null }>(em, {
    businessKey: reference,
    provider: provider.name,
    operation: 'reverse_transfer',
    input,
    send: () =>
      provider.reverseTransfer({ ...input, idempotencyKey: reference }).catch((error: unknown) => {
        if (isRefusal(error)) return { id: null };
        throw error;
      }),
    find: () => provider.findReversal({ transferId, reference }),
    keep: ({ id }) => ({ id, transferId, amountMinor }),
  });
  const id = 'result' in sent ? sent.result.id : sent.repeated.id;
  return typeof id === 'string' ? amountMinor : 0;
}

function isRefusal(error: unknown): boolean {
  return error instanceof ProviderError && !error.retryable && (error.kind === 'conflict' || error.kind === 'invalid');
}
