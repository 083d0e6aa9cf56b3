/** What a chargeback costs, how the bank decided it, and its end. */

import { LockMode } from '@mikro-orm/postgresql';
import { Chargeback } from '../../db/entities/chargeback.entity.ts';
import { ChargebackShare } from '../../db/entities/chargeback-share.entity.ts';
import { postJournals } from '../../db/ledger/post.ts';
import type { EntityManager } from '../../db/orm.ts';
import type { ChargebackStatus } from '../../domain/disputes/chargeback.ts';
import { chargebackFee } from '../../domain/postings.ts';
import { tell } from '../records/tell.ts';
import type { ChargebackStep } from './chargeback-records.ts';

const BANK = { role: 'provider', id: 'bank' } as const;

/** The row, locked: everything that is written of a chargeback takes turns here. */
export function lockChargeback(em: EntityManager, id: string): Promise<Chargeback> {
  return em.findOneOrFail(Chargeback, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
}

/** Providers may charge more later (for answering), each time under a journal of its own; the first hold carries it. */
export async function noteChargebackFee(
  em: EntityManager,
  { chargebackId: id, feeMinor }: { chargebackId: string; feeMinor: number },
): Promise<void> {
  const { orderId, provider, currency, feeMinor: bookedMinor } = await lockChargeback(em, id);
  const amountMinor = feeMinor - bookedMinor;
  if (amountMinor <= 0) return;
  const [first] = await em.find(ChargebackShare, { chargebackId: id }, { orderBy: { escrowId: 'asc' }, limit: 1 });
  const reference = bookedMinor === 0 ? id : `${id}:${feeMinor}`;
  const fee = { orderId, provider, currency, amountMinor, reference, escrowId: first?.escrowId };
  await postJournals(em, [chargebackFee(fee)]);
  await em.nativeUpdate(Chargeback, { id }, { feeMinor, updatedAt: new Date() });
}

export async function closeChargeback(
  em: EntityManager,
  { chargebackId: id, status, at }: ChargebackStep & { status: Exclude<ChargebackStatus, 'open'> },
): Promise<void> {
  const chargeback = await lockChargeback(em, id);
  if (chargeback.status !== 'open') return;
  const { orderId } = chargeback;
  const closedAt = new Date(at);
  await em.nativeUpdate(Chargeback, { id }, { status, closedAt, updatedAt: new Date() });
  const shares = await em.find(ChargebackShare, { chargebackId: id }, { orderBy: { escrowId: 'asc' } });
  const closed = { type: `chargeback.${status}`, orderId, subjectId: id, actor: BANK, at: closedAt } as const;
  const data = { chargebackId: id };
  await tell(
    em,
    shares.length > 0 ? shares.map(({ escrowId }) => ({ ...closed, escrowId, data })) : [{ ...closed, data }],
  );
}

export async function settleChargeback(em: EntityManager, { chargebackId: id, at }: ChargebackStep): Promise<void> {
  const { settledAt } = await lockChargeback(em, id);
  if (settledAt) return;
  await em.nativeUpdate(Chargeback, { id }, { settledAt: new Date(at), updatedAt: new Date() });
}
