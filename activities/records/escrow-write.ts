/** One numbered write to an escrow: stored exactly once, with the vendor order's and the order's state following it. */

import type { EntityData } from '@mikro-orm/postgresql';
import { DomainEvent } from '../../db/entities/domain-event.entity.ts';
import { Escrow } from '../../db/entities/escrow.entity.ts';
import { Order } from '../../db/entities/order.entity.ts';
import { VendorOrder } from '../../db/entities/vendor-order.entity.ts';
import type { EntityManager } from '../../db/orm.ts';
import { findEscrowsOfOrder } from '../../db/repositories/escrows.ts';
import { lockOrder } from '../../db/repositories/orders.ts';
import { type Write, writeTogether } from '../../db/write-together.ts';
import type { DisputeId } from '../../domain/disputes/dispute.ts';
import type { EscrowStatus } from '../../domain/escrow.ts';
import type { FactType } from '../../domain/facts.ts';
import { aggregateOrderStatus, isTerminalOrderStatus, type OrderStatus } from '../../domain/order.ts';
import type { EscrowWrite, StoredEscrow } from './escrow-records.ts';
import {
  describeRow,
  type EscrowRow,
  nextActionOfRow,
  rowOf,
  settledWhereNothingIsLeft,
  shownStatus,
} from './escrow-row.ts';
import { type Fact, toldFacts } from './tell.ts';

/** What changes in the escrow, and beside it in its vendor order. */
export type EscrowAndVendorOrder = EscrowPatch & {
  vendorOrder?: Pick<EntityData<VendorOrder>, 'carrier' | 'trackingNumber' | 'cancelReason'>;
};

type EscrowPatch = Partial<Omit<EscrowRow, 'version' | 'heldMinor'>> &
  Pick<EntityData<Escrow>, 'payoutStatus' | 'refunds'>;

/** Nothing is to be written: it was done before, or the escrow is not as the workflow thought. */
export type Unchanged = { unchanged: 'done' | 'look again' };

/**
 * The facts that a write tells, in this order. With `disputeId` they are about that dispute; `data` is told beside what is
 * always told.
 */
export type Told = { types: readonly FactType[]; disputeId?: DisputeId; data?: Fact['data'] };

/**
 * Runs `change` if this write's number is the next one. If the number is taken, nothing is changed: `applied` tells
 * whether it was taken by this very change (the same events by the same actor) or by another.
 * The order's row is locked first, so that two escrows of one order take turns and see each other's state.
 */
export async function writeOnce(
  em: EntityManager,
  write: EscrowWrite,
  told: Told,
  change: (escrow: Escrow) => Promise<EscrowAndVendorOrder | Unchanged>,
): Promise<StoredEscrow> {
  const { orderId } = write;
  const orderStatus = await lockOrder(em, orderId);
  const escrows = await findEscrowsOfOrder(em, orderId);
  const escrow = escrows.find(({ id }) => id === write.escrowId);
  if (!escrow) throw new Error(`${write.escrowId} is no escrow of ${orderId}`);
  const { version } = write;
  const before = rowOf(escrow);
  if (escrow.version >= version) return describeRow(before, await isSameChange(em, write, told));
  const changed = await change(escrow);
  if ('unchanged' in changed) return describeRow(before, changed.unchanged === 'done');
  const { vendorOrder, ...patch } = changed;
  const after = settledWhereNothingIsLeft({ ...before, ...patch, version });
  const status = shownStatus(after);
  const statuses = escrows.map((each) => (each === escrow ? status : each.status));
  await writeTogether(em, [
    changedEscrow(em, escrow.id, patch, after),
    ...(vendorOrder || status !== escrow.status
      ? [changedVendorOrder(em, escrow.vendorOrderId, { ...vendorOrder, status })]
      : []),
    ...followingOrder(em, { id: orderId, status: orderStatus }, statuses),
    toldFacts(told.types.map((type) => factOf(type, write, told))),
  ]);
  return describeRow(after, true);
}

function changedEscrow(em: EntityManager, id: Escrow['id'], patch: EscrowPatch, after: EscrowRow): Write {
  const { kind: nextActionKind, at: nextActionAt } = nextActionOfRow(after);
  const { phase, pausedAt, frozenSince, version } = after;
  const shown = { status: shownStatus(after), version, nextActionKind, nextActionAt, updatedAt: new Date() };
  const row = { ...patch, phase, pausedAt, frozenSince, ...shown };
  return em.createQueryBuilder(Escrow).update(row).where({ id }).toRaw();
}

function changedVendorOrder(em: EntityManager, id: VendorOrder['id'], patch: EntityData<VendorOrder>): Write {
  const row = { ...patch, updatedAt: new Date() };
  return em.createQueryBuilder(VendorOrder).update(row).where({ id }).toRaw();
}

/** The order shows what its escrows are. */
function followingOrder(
  em: EntityManager,
  order: { id: Order['id']; status: OrderStatus },
  escrowStatuses: readonly EscrowStatus[],
): Write[] {
  const status = aggregateOrderStatus(escrowStatuses);
  if (status === order.status) return [];
  const updatedAt = new Date();
  const closedAt = isTerminalOrderStatus(status) ? updatedAt : null;
  return [em.createQueryBuilder(Order).update({ status, closedAt, updatedAt }).where({ id: order.id }).toRaw()];
}

function factOf(type: FactType, write: EscrowWrite, told: Told): Fact {
  const { orderId, escrowId, actor, at, reason } = write;
  const { disputeId } = told;
  return {
    type,
    orderId,
    escrowId,
    subjectId: disputeId,
    actor,
    at: new Date(at),
    data: {
      ...numberOf(write, told),
      ...(disputeId !== undefined && { disputeId }),
      ...(reason !== null && { reason }),
      ...told.data,
    },
  };
}

/** The `version` of a dispute's fact is the dispute's own, so the escrow's number has another name there. */
function numberOf({ version }: EscrowWrite, { disputeId }: Told): Record<string, number> {
  return disputeId === undefined ? { version } : { escrowVersion: version };
}

async function isSameChange(em: EntityManager, write: EscrowWrite, told: Told): Promise<boolean> {
  const { escrowId, actor } = write;
  const { types, disputeId } = told;
  const numbered = { escrowId, subjectId: disputeId ?? escrowId, data: numberOf(write, told) };
  const facts = await em.find(DomainEvent, numbered, { orderBy: { seq: 'asc' } });
  return (
    facts.length === types.length &&
    facts.every(
      (fact, index) => fact.type === types[index] && fact.actorRole === actor.role && fact.actorId === actor.id,
    )
  );
}
