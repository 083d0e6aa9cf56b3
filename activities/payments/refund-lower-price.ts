/** Pays the difference of a lowered price back to the buyer at the provider; the journal follows in the workflow's next step. */

import { Escrow } from '../../db/entities/escrow.entity.ts';
import type { EscrowId } from '../../domain/ids.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { paidPaymentOf } from '../records/paid-payment.ts';
import { refundOnce } from './refund-once.ts';

export async function refundLowerPrice(
  { orm, providers }: ActivityDependencies,
  { escrowId, amountMinor }: { escrowId: EscrowId; amountMinor: number },
): Promise<{ refundId: string }> {
  const em = orm.em.fork();
  const { orderId, currency } = await em.findOneOrFail(Escrow, { id: escrowId });
  const payment = await paidPaymentOf(em, orderId);
  const { providerObjectId, provider } = payment;
  if (!providerObjectId) throw new Error(`payment ${payment.id} has no object at its provider`);
  const asked = { providerObjectId, amountMinor, currency };
  return { refundId: await refundOnce(em, providers.get(provider), `authenticity/${escrowId}:lower-price`, asked) };
}
