/** Stores a chargeback and fixes which hold carries how much of it. */

import { LockMode } from '@mikro-orm/postgresql';
import { Chargeback } from '../../db/entities/chargeback.entity.ts';
import { ChargebackShare } from '../../db/entities/chargeback-share.entity.ts';
import { ClawBack } from '../../db/entities/claw-back.entity.ts';
import { Escrow } from '../../db/entities/escrow.entity.ts';
import { Order } from '../../db/entities/order.entity.ts';
import { Payment } from '../../db/entities/payment.entity.ts';
import type { EntityManager } from '../../db/orm.ts';
import { type CarryingHold, shareChargeback } from '../../domain/disputes/chargeback.ts';
import type { EscrowId, OrderId } from '../../domain/ids.ts';
import type { ChargebackInput } from '../../workflows/chargeback/contract.ts';
import { tell } from '../records/tell.ts';
import type { StoredChargeback } from './chargeback-records.ts';
import { takenFromHolds } from './shares.ts';

const BANK = { role: 'provider', id: 'bank' } as const;

/** The order's row is locked first, as by every write to its escrows, so that what they have stands still meanwhile. */
export async function openChargeback(
  em: EntityManager,
  input: ChargebackInput & { at: string },
): Promise<StoredChargeback> {
  const { chargebackId: id, orderId, paymentId, currency, amountMinor, reason, evidenceDueBy } = input;
  await em.findOneOrFail(Order, { id: orderId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  const known = await em.findOne(Chargeback, { id });
  if (known) return describe(em, known);
  const { provider } = await em.findOneOrFail(Payment, { id: paymentId, orderId });
  const { shares } = shareChargeback(amountMinor, await holdsOf(em, orderId));
  const openedAt = new Date(input.at);
  const due = evidenceDueBy === null ? null : new Date(evidenceDueBy);
  const facts = { id, paymentId, orderId, provider, currency, amountMinor, reason, evidenceDueBy: due, openedAt };
  await em.insert(Chargeback, facts);
  await em.insertMany(
    ChargebackShare,
    shares.map((share) => ({ chargebackId: id, ...share })),
  );
  const opened = { type: 'chargeback.opened', orderId, subjectId: id, actor: BANK, at: openedAt } as const;
  const carried = shares.map(({ escrowId, amountMinor: shareMinor }) => ({
    ...opened,
    escrowId,
    data: { chargebackId: id, amountMinor: shareMinor },
  }));
  await tell(em, carried.length > 0 ? carried : [{ ...opened, data: { chargebackId: id, amountMinor } }]);
  return { status: 'open', settled: false, evidenceSentAt: null, shares };
}

async function describe(em: EntityManager, stored: Chargeback): Promise<StoredChargeback> {
  const rows = await em.find(ChargebackShare, { chargebackId: stored.id }, { orderBy: { escrowId: 'asc' } });
  return {
    status: stored.status,
    settled: (stored.settledAt ?? null) !== null,
    evidenceSentAt: stored.evidenceSentAt?.toISOString() ?? null,
    shares: rows.map(({ escrowId, amountMinor, heldMinor }) => ({ escrowId, amountMinor, heldMinor })),
  };
}

/** What each hold of the order still has and has released, less what other chargebacks take or may take of it. */
async function holdsOf(em: EntityManager, orderId: OrderId): Promise<CarryingHold[]> {
  const escrows = await em.find(Escrow, { orderId }, { orderBy: { id: 'asc' } });
  const claimed = await claimsElsewhere(em, orderId);
  return escrows.map((escrow) => {
    const { id: escrowId, heldMinor, releasedMinor, refundedMinor, chargedBackMinor } = escrow;
    const others = claimed.get(escrowId) ?? { heldMinor: 0, releasedMinor: 0 };
    const inHoldMinor = heldMinor - releasedMinor - refundedMinor - chargedBackMinor;
    return {
      escrowId,
      heldMinor: Math.max(0, inHoldMinor - others.heldMinor),
      releasedMinor: Math.max(0, releasedMinor - others.releasedMinor),
    };
  });
}

/** Of the order's other chargebacks: what they still want of the holds, and what of the released money is theirs. */
async function claimsElsewhere(em: EntityManager, orderId: OrderId): Promise<Map<EscrowId, ClaimedElsewhere>> {
  const claims = new Map<EscrowId, ClaimedElsewhere>();
  const add = (escrowId: EscrowId, heldMinor: number, releasedMinor: number): void => {
    const before = claims.get(escrowId) ?? { heldMinor: 0, releasedMinor: 0 };
    const after = { heldMinor: before.heldMinor + heldMinor, releasedMinor: before.releasedMinor + releasedMinor };
    claims.set(escrowId, after);
  };
  for (const claim of await em.find(ClawBack, { orderId })) add(claim.escrowId, 0, claim.amountMinor);
  const undecided = await em.find(Chargeback, { orderId, status: { $ne: 'won' }, claimedAt: null });
  for (const chargeback of undecided) {
    const taken = await takenFromHolds(em, chargeback);
    for (const share of await em.find(ChargebackShare, { chargebackId: chargeback.id })) {
      const { escrowId, amountMinor, heldMinor } = share;
      add(escrowId, Math.max(0, heldMinor - (taken.get(escrowId) ?? 0)), amountMinor - heldMinor);
    }
  }
  return claims;
}

type ClaimedElsewhere = { heldMinor: number; releasedMinor: number };
