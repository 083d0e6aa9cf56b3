/** One numbered write to an escrow: stored exactly once, with the vendor order's and the order's state following it. */

import { type EntityData, LockMode } from '@mikro-orm/postgresql';
import { DomainEvent } from '../../db/entities/domain-event.entity.ts';
import { Escrow } from '../../db/entities/escrow.entity.ts';
import { Order } from '../../db/entities/order.entity.ts';
import { VendorOrder } from '../../db/entities/vendor-order.entity.ts';
import type { EntityManager } from '../../db/orm.ts';
import type { DisputeId } from '../../domain/disputes/dispute.ts';
import type { EscrowStatus } from '../../domain/escrow.ts';
import type { FactType } from '../../domain/facts.ts';
import { aggregateOrderStatus, isTerminalOrderStatus } from '../../domain/order.ts';
import type { EscrowWrite, StoredEscrow } from './escrow-records.ts';
import {
  describeRow,
  type EscrowRow,
  nextActionOfRow,
  rowOf,
  settledWhereNothingIsLeft,
  shownStatus,
} from './escrow-row.ts';
import { type Fact, tell } from './tell.ts';

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
  change: (escrow: Escrow, order: Order) => Promise<EscrowAndVendorOrder | Unchanged>,
): Promise<StoredEscrow> {
  const order = await em.findOneOrFail(Order, { id: write.orderId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  const escrows = await em.find(Escrow, { orderId: order.id });
  const escrow = escrows.find(({ id }) => id === write.escrowId);
  if (!escrow) throw new Error(`${write.escrowId} is no escrow of ${order.id}`);
  const { version } = write;
  const before = rowOf(escrow);
  if (escrow.version >= version) return describeRow(before, await isSameChange(em, write, told));
  const changed = await change(escrow, order);
  if ('unchanged' in changed) return describeRow(before, changed.unchanged === 'done');
  const { vendorOrder, ...patch } = changed;
  const after = settledWhereNothingIsLeft({ ...before, ...patch, version });
  const status = shownStatus(after);
  const { kind, at } = nextActionOfRow(after);
  const { phase, pausedAt, frozenSince } = after;
  const updatedAt = new Date();
  await em.nativeUpdate(
    Escrow,
    { id: escrow.id },
    { ...patch, phase, pausedAt, frozenSince, status, version, nextActionKind: kind, nextActionAt: at, updatedAt },
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
    told.types.map((type) => factOf(type, write, told)),
  );
  return describeRow(after, true);
}

/** The order shows what its escrows are. */
async function follow(em: EntityManager, order: Order, escrowStatuses: readonly EscrowStatus[]): Promise<void> {
  const status = aggregateOrderStatus(escrowStatuses);
  if (status === order.status) return;
  const updatedAt = new Date();
  const closedAt = isTerminalOrderStatus(status) ? updatedAt : null;
  await em.nativeUpdate(Order, { id: order.id }, { status, closedAt, updatedAt });
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
