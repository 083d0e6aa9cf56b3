/** One numbered write to an escrow: stored exactly once, with the vendor order's and the order's state following it. */

import type { EntityData } from '@mikro-orm/postgresql';
import { DomainEvent } from '../../db/entities/domain-event.entity.ts';
import { Escrow } from '../../db/entities/escrow.entity.ts';
import { Order } from '../../db/entities/order.entity.ts';
import { VendorOrder } from '../../db/entities/vendor-order.entity.ts';
import type { EntityManager } from '../../db/orm.ts';
import { lockOrder } from '../../db/repositories/orders.ts';
import { type Write, writeTogether } from '../../db/write-together.ts';
import { type EscrowStatus, nextActionOf } from '../../domain/escrow.ts';
import type { FactType } from '../../domain/facts.ts';
import { aggregateOrderStatus, isTerminalOrderStatus, type OrderStatus } from '../../domain/order.ts';
import type { EscrowWrite, StoredEscrow } from './escrow-records.ts';
import { toldFacts } from './tell.ts';

/** What of an escrow's row the workflow knows too. */
type EscrowRow = {
  version: number;
  status: EscrowStatus;
  captured: boolean;
  shipBy: Date | null;
  deliveredBy: Date | null;
  releaseAt: Date | null;
  pausedAt: Date | null;
  accessedAt: Date | null;
};

/** What changes in the escrow, and beside it in its vendor order. */
export type EscrowAndVendorOrder = EscrowPatch & {
  vendorOrder?: Pick<EntityData<VendorOrder>, 'carrier' | 'trackingNumber' | 'cancelReason'>;
};

type EscrowPatch = Partial<EscrowRow> & Pick<EntityData<Escrow>, 'releasedMinor' | 'refundedMinor' | 'payoutStatus'>;

/**
 * Runs `change` if this write's number is the next one. If the number is taken, nothing is changed: `applied` tells
 * whether it was taken by this very change (the same events by the same actor) or by another.
 * The order's row is locked first, so that two escrows of one order take turns and see each other's state.
 */
export async function writeOnce(
  em: EntityManager,
  write: EscrowWrite,
  events: readonly FactType[],
  change: (escrow: Escrow) => Promise<EscrowAndVendorOrder>,
): Promise<StoredEscrow> {
  const { orderId } = write;
  const orderStatus = await lockOrder(em, orderId);
  const escrows = await em.find(Escrow, { orderId });
  const escrow = escrows.find(({ id }) => id === write.escrowId);
  if (!escrow) throw new Error(`${write.escrowId} is no escrow of ${orderId}`);
  const { version } = write;
  if (escrow.version >= version) return describe(rowOf(escrow), await isSameChange(em, write, events));
  const { vendorOrder, ...patch } = await change(escrow);
  const after = { ...rowOf(escrow), ...patch, version };
  const { status } = after;
  const statuses = escrows.map((each) => (each === escrow ? status : each.status));
  await writeTogether(em, [
    changedEscrow(em, escrow.id, patch, after),
    ...(vendorOrder || status !== escrow.status
      ? [changedVendorOrder(em, escrow.vendorOrderId, { ...vendorOrder, status })]
      : []),
    ...followingOrder(em, { id: orderId, status: orderStatus }, statuses),
    toldFacts(
      em,
      events.map((type) => factOf(type, write)),
    ),
  ]);
  return describe(after, true);
}

function changedEscrow(em: EntityManager, id: Escrow['id'], patch: EscrowPatch, after: EscrowRow): Write {
  const { kind: nextActionKind, at: nextActionAt } = nextActionOf(after);
  const { version } = after;
  const row = { ...patch, version, nextActionKind, nextActionAt, updatedAt: new Date() };
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

function factOf(type: FactType, { orderId, escrowId, actor, at, reason, version }: EscrowWrite) {
  return {
    type,
    orderId,
    escrowId,
    actor,
    at: new Date(at),
    data: { version, ...(reason === null ? {} : { reason }) },
  };
}

async function isSameChange(em: EntityManager, write: EscrowWrite, events: readonly FactType[]): Promise<boolean> {
  const { escrowId, actor, version } = write;
  const told = await em.find(DomainEvent, { escrowId, data: { version } }, { orderBy: { seq: 'asc' } });
  return (
    told.length === events.length &&
    told.every(
      (fact, index) => fact.type === events[index] && fact.actorRole === actor.role && fact.actorId === actor.id,
    )
  );
}

function rowOf(escrow: Escrow): EscrowRow {
  const { version, status, captured, shipBy, deliveredBy, releaseAt, pausedAt, accessedAt } = escrow;
  return {
    version,
    status,
    captured,
    shipBy: shipBy ?? null,
    deliveredBy: deliveredBy ?? null,
    releaseAt: releaseAt ?? null,
    pausedAt: pausedAt ?? null,
    accessedAt: accessedAt ?? null,
  };
}

function describe(row: EscrowRow, applied: boolean): StoredEscrow {
  return {
    ...row,
    applied,
    shipBy: iso(row.shipBy),
    deliveredBy: iso(row.deliveredBy),
    releaseAt: iso(row.releaseAt),
    pausedAt: iso(row.pausedAt),
    accessedAt: iso(row.accessedAt),
  };
}

function iso(instant: Date | null): string | null {
  return instant?.toISOString() ?? null;
}
