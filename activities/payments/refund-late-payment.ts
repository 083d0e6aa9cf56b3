/** Sends back money that nobody waits for: it came after its order had ended, or a second time. */

import { Payment } from '../../db/entities/payment.entity.ts';
import { postJournals } from '../../db/ledger/post.ts';
import type { EntityManager } from '../../db/orm.ts';
import type { PaymentId } from '../../domain/ids.ts';
import { lateReceived, lateRefunded } from '../../domain/postings.ts';
import type { PaymentProvider } from '../../providers/payments/port.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { throwProviderFailure } from '../provider-failures.ts';
import { tell } from '../records/tell.ts';
import { refundOnce } from './refund-once.ts';

/** Also called by the inbox relay, for money that comes when the order's workflow is long gone. */
export async function refundLatePayment(
  { orm, providers }: ActivityDependencies,
  { paymentId }: { paymentId: PaymentId },
): Promise<void> {
  const em = orm.em.fork();
  const payment = await em.findOneOrFail(Payment, { id: paymentId });
  const { providerObjectId } = payment;
  if (payment.status === 'late_refunded') return;
  if (!providerObjectId) throw new Error(`payment ${paymentId} has no object at its provider`);
  const provider = providers.get(payment.provider);
  const idempotencyKey = `payment/${paymentId}:close-late`;
  // An authorisation is simply given up; only money that was really taken has to be sent back.
  const closed = await provider.cancelPayment({ providerObjectId, idempotencyKey }).catch(throwProviderFailure);
  if (closed.status === 'cancelled') {
    await em.nativeUpdate(Payment, { id: paymentId }, { status: 'cancelled', updatedAt: new Date() });
    return;
  }
  await refundTaken(em, provider, payment, { providerObjectId, amountMinor: closed.amountReceivedMinor });
}

async function refundTaken(
  em: EntityManager,
  provider: PaymentProvider,
  { id: paymentId, orderId, currency }: Payment,
  taken: { providerObjectId: string; amountMinor: number },
): Promise<void> {
  const { providerObjectId, amountMinor } = taken;
  const facts = { orderId, paymentId, provider: provider.name, currency, amountMinor };
  await postJournals(em, [lateReceived({ ...facts, externalRef: providerObjectId })]);
  const externalRef = await refundOnce(em, provider, `payment/${paymentId}:late-refund`, {
    providerObjectId,
    amountMinor,
    currency,
  });
  await em.transactional(async (tx) => {
    await postJournals(tx, [lateRefunded({ ...facts, externalRef })]);
    const refunded = { status: 'late_refunded', capturedMinor: amountMinor, refundedMinor: amountMinor } as const;
    await tx.nativeUpdate(Payment, { id: paymentId }, { ...refunded, updatedAt: new Date() });
    const actor = { role: 'system', id: 'late payment' } as const;
    await tell(tx, [
      { type: 'payment.late_refunded', orderId, actor, at: new Date(), data: { paymentId, amountMinor } },
    ]);
  });
}
