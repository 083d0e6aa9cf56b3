/** After a lost chargeback: what is claimed back of released money, and what is nobody's but the platform's to bear. */

import { LockMode } from '@mikro-orm/postgresql';
import { Chargeback } from '../../db/entities/chargeback.entity.ts';
import { ChargebackShare } from '../../db/entities/chargeback-share.entity.ts';
import { ClawBack } from '../../db/entities/claw-back.entity.ts';
import { Escrow } from '../../db/entities/escrow.entity.ts';
import { Order } from '../../db/entities/order.entity.ts';
import { postJournals } from '../../db/ledger/post.ts';
import type { EntityManager } from '../../db/orm.ts';
import type { EscrowId } from '../../domain/ids.ts';
import { sumMinor } from '../../domain/money.ts';
import { chargebackAbsorbed } from '../../domain/postings.ts';
import type { ChargebackStep } from './chargeback-records.ts';
import { lockChargeback } from './close-chargeback.ts';
import { takenFromHolds } from './shares.ts';

type Claim = { escrowId: EscrowId; amountMinor: number };

/** Fixed once: whoever asks again gets the same claims. */
export async function claimReleased(em: EntityManager, { chargebackId, at }: ChargebackStep): Promise<Claim[]> {
  const { orderId } = await em.findOneOrFail(Chargeback, { id: chargebackId });
  await em.findOneOrFail(Order, { id: orderId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  const chargeback = await lockChargeback(em, chargebackId);
  if (!chargeback.claimedAt) await fixClaims(em, chargeback, new Date(at));
  const rows = await em.find(ClawBack, { chargebackId }, { orderBy: { escrowId: 'asc' } });
  return rows.map(({ escrowId, amountMinor }) => ({ escrowId, amountMinor }));
}

async function fixClaims(em: EntityManager, chargeback: Chargeback, claimedAt: Date): Promise<void> {
  const { id: chargebackId, orderId, currency, amountMinor, provider } = chargeback;
  const shares = await em.find(ChargebackShare, { chargebackId });
  const escrows = await em.find(Escrow, { orderId });
  const claimedBefore = await em.find(ClawBack, { orderId });
  const taken = await takenFromHolds(em, chargeback);
  const claims = shares.flatMap((share) => {
    const escrow = escrows.find(({ id }) => id === share.escrowId);
    if (!escrow) return [];
    const mine = claimedBefore.filter(({ escrowId }) => escrowId === escrow.id).map((claim) => claim.amountMinor);
    const leftMinor = escrow.releasedMinor - sumMinor(mine);
    const claimMinor = Math.min(share.amountMinor - (taken.get(escrow.id) ?? 0), leftMinor);
    const { id: escrowId, sellerId } = escrow;
    return claimMinor > 0
      ? [{ chargebackId, escrowId, orderId, sellerId, currency, amountMinor: claimMinor, claimedAt }]
      : [];
  });
  await em.insertMany(ClawBack, claims);
  const carriedMinor = sumMinor([...taken.values(), ...claims.map((claim) => claim.amountMinor)]);
  const absorbedMinor = amountMinor - carriedMinor;
  if (absorbedMinor > 0) {
    const reference = chargebackId;
    await postJournals(em, [
      chargebackAbsorbed({ orderId, provider, currency, amountMinor: absorbedMinor, reference }),
    ]);
  }
  await em.nativeUpdate(Chargeback, { id: chargebackId }, { claimedAt, absorbedMinor, updatedAt: new Date() });
}
