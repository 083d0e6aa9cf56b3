/** Chargebacks as administrators read them. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { ChargebackStatus } from '../../domain/disputes/chargeback.ts';
import { Chargeback } from '../entities/chargeback.entity.ts';
import { ChargebackShare } from '../entities/chargeback-share.entity.ts';
import { ClawBack } from '../entities/claw-back.entity.ts';

export type ChargebackRows = { chargeback: Chargeback; shares: ChargebackShare[]; clawBacks: ClawBack[] };

/** One chargeback with what each hold carries and what is claimed back, as it stands now. */
export async function loadChargeback(em: EntityManager, id: string): Promise<ChargebackRows | null> {
  const chargeback = await em.findOne(Chargeback, { id }, { refresh: true });
  return chargeback && ((await withParts(em, [chargeback]))[0] ?? null);
}

/** One page, newest first. */
export async function listChargebacks(
  em: EntityManager,
  query: { status?: ChargebackStatus; page: number; limit: number },
): Promise<{ rows: ChargebackRows[]; total: number }> {
  const { status, page, limit } = query;
  const [chargebacks, total] = await em.findAndCount(
    Chargeback,
    { ...(status && { status }) },
    { orderBy: { openedAt: 'desc', id: 'desc' }, limit, offset: (page - 1) * limit },
  );
  return { rows: await withParts(em, chargebacks), total };
}

async function withParts(em: EntityManager, chargebacks: readonly Chargeback[]): Promise<ChargebackRows[]> {
  const of = { chargebackId: { $in: chargebacks.map(({ id }) => id) } };
  const inOrder = { orderBy: { escrowId: 'asc' }, refresh: true } as const;
  const shares = await em.find(ChargebackShare, of, inOrder);
  const clawBacks = await em.find(ClawBack, of, inOrder);
  return chargebacks.map((chargeback) => ({
    chargeback,
    shares: shares.filter(({ chargebackId }) => chargebackId === chargeback.id),
    clawBacks: clawBacks.filter(({ chargebackId }) => chargebackId === chargeback.id),
  }));
}
