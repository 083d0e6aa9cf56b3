/** One numbered write to an escrow: stored exactly once, with the vendor order's and the order's state following it. */

import { type EntityData, LockMode } from '@mikro-orm/postgresql';
import { DomainEvent } from '../../db/entities/domain-event.entity.ts';
import { Escrow } from '../../db/entities/escrow.entity.ts';
import { Order } from '../../db/entities/order.entity.ts';
import { VendorOrder } from '../../db/entities/vendor-order.entity.ts';
import type { EntityManager } from '../../db/orm.ts';
import { type EscrowStatus, nextActionOf } from '../../domain/escrow.ts';
import type { FactType } from '../../domain/facts.ts';
import { aggregateOrderStatus, isTerminalOrderStatus } from '../../domain/order.ts';
import type { EscrowWrite, StoredEscrow } from './escrow-records.ts';
import { tell } from './tell.ts';

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
  change: (escrow: Escrow) => Promise<EscrowPatch>,
): Promise<StoredEscrow> {
  const order = await em.findOneOrFail(Order, { id: write.orderId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  const escrow = await em.findOneOrFail(Escrow, { id: write.escrowId });
  if (escrow.version >= write.version) return describe(rowOf(escrow), await isSameChange(em, write, events));
  const patch = await change(escrow);
  const after = { ...rowOf(escrow), ...patch, version: write.version };
  const { kind, at } = nextActionOf(after);
  const now = new Date();
  const { version } = write;
  const stored = { ...patch, version, nextActionKind: kind, nextActionAt: at, updatedAt: now };
  await em.nativeUpdate(Escrow, { id: escrow.id }, stored);
  if (after.status !== escrow.status) await follow(em, order, escrow, after.status, now);
  await tell(
    em,
    events.map((type) => factOf(type, write)),
  );
  return describe(after, true);
}

/** The vendor order and the order show what their escrows are. */
async function follow(em: EntityManager, order: Order, escrow: Escrow, status: EscrowStatus, now: Date): Promise<void> {
  await em.nativeUpdate(VendorOrder, { id: escrow.vendorOrderId }, { status, updatedAt: now });
  const escrows = await em.find(Escrow, { orderId: order.id }, { fields: ['status'] });
  const statuses = escrows.map((each) => (each.id === escrow.id ? status : each.status));
  const orderStatus = aggregateOrderStatus(statuses);
  if (orderStatus === order.status) return;
  const closedAt = isTerminalOrderStatus(orderStatus) ? now : null;
  await em.nativeUpdate(Order, { id: order.id }, { status: orderStatus, closedAt, updatedAt: now });
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
