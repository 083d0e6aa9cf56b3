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
  const order = await em.findOneOrFail(Order, { id: write.orderId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  const escrows = await em.find(Escrow, { orderId: order.id });
  const escrow = escrows.find(({ id }) => id === write.escrowId);
  if (!escrow) throw new Error(`${write.escrowId} is no escrow of ${order.id}`);
  const { version } = write;
  if (escrow.version >= version) return describe(rowOf(escrow), await isSameChange(em, write, events));
  const { vendorOrder, ...patch } = await change(escrow);
  const after = { ...rowOf(escrow), ...patch, version };
  const { kind, at } = nextActionOf(after);
  const updatedAt = new Date();
  const { status } = after;
  await em.nativeUpdate(
    Escrow,
    { id: escrow.id },
    { ...patch, version, nextActionKind: kind, nextActionAt: at, updatedAt },
  );
  if (vendorOrder || status !== escrow.status) {
    await em.nativeUpdate(VendorOrder, { id: escrow.vendorOrderId }, { ...vendorOrder, status, updatedAt });
  }
  await follow(
    em,
    order,
    escrows.map((each) => (each === escrow ? status : each.status)),
  );
  await tell(
    em,
    events.map((type) => factOf(type, write)),
  );
  return describe(after, true);
}

/** The order shows what its escrows are. */
async function follow(em: EntityManager, order: Order, escrowStatuses: readonly EscrowStatus[]): Promise<void> {
  const status = aggregateOrderStatus(escrowStatuses);
  if (status === order.status) return;
  const updatedAt = new Date();
  const closedAt = isTerminalOrderStatus(status) ? updatedAt : null;
  await em.nativeUpdate(Order, { id: order.id }, { status, closedAt, updatedAt });
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
