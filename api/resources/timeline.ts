/** An order's timeline: past facts, then for the order and each hold what comes next and who can change it. */

import { z } from '@hono/zod-openapi';
import type { DomainEvent } from '../../db/entities/domain-event.entity.ts';
import type { Escrow } from '../../db/entities/escrow.entity.ts';
import type { Order } from '../../db/entities/order.entity.ts';
import type { VendorOrder } from '../../db/entities/vendor-order.entity.ts';
import { ACTOR_ROLES } from '../../domain/escrow.ts';
import { type Explanation, explainEscrow, explainOrder } from '../../domain/explain.ts';
import { factInWords, isFactType } from '../../domain/facts.ts';
import { ORDER_STATUSES } from '../../domain/order.ts';
import { exampleId, InstantSchema, idSchema } from '../schemas/values.ts';

const EntrySchema = z.strictObject({
  id: idSchema('event'),
  at: InstantSchema,
  type: z.string(),
  by: z.enum(ACTOR_ROLES),
  text: z.string(),
  escrowId: idSchema('escrow').nullable(),
});

const NextSchema = z.strictObject({
  escrowId: idSchema('escrow').nullable(),
  kind: z.string(),
  at: InstantSchema.nullable(),
  text: z.string(),
  canChange: z.array(z.strictObject({ by: z.enum(ACTOR_ROLES), move: z.string() })),
});

export const TimelineSchema = z
  .strictObject({
    status: z.enum(ORDER_STATUSES),
    data: z.array(EntrySchema),
    nextCursor: z.string().nullable(),
    next: z.array(NextSchema),
  })
  .openapi('Timeline', {
    example: {
      status: 'shipped',
      data: [
        {
          id: exampleId('event'),
          at: '2026-03-01T12:00:00.000Z',
          type: 'escrow.shipped',
          by: 'seller',
          text: 'The goods are on their way.',
          escrowId: exampleId('escrow'),
        },
      ],
      nextCursor: null,
      next: [
        {
          escrowId: exampleId('escrow'),
          kind: 'mark_delivered',
          at: '2026-03-15T12:00:00.000Z',
          text: 'The goods are on their way. Without news by then they count as delivered.',
          canChange: [{ by: 'buyer', move: 'confirm-delivery' }],
        },
      ],
    },
  });

type TimelineRows = {
  order: Order;
  vendorOrders: readonly VendorOrder[];
  escrows: readonly Escrow[];
  /** One more than `limit` when there is another page. */
  events: readonly DomainEvent[];
  limit: number;
};

export function toTimeline({
  order,
  vendorOrders,
  escrows,
  events,
  limit,
}: TimelineRows): z.infer<typeof TimelineSchema> {
  const page = events.slice(0, limit);
  const last = events.length > limit ? page.at(-1) : undefined;
  const fulfilmentOf = new Map(vendorOrders.map((row) => [row.id, row.fulfilment]));
  const next = escrows.map((escrow) => toNext(escrow.id, explain(escrow, fulfilmentOf.get(escrow.vendorOrderId))));
  return {
    status: order.status,
    data: page.map(toEntry),
    nextCursor: last ? String(last.seq) : null,
    next: next.length > 0 ? next : [toNext(null, explainOrder(order.status, order.paymentExpiresAt.toISOString()))],
  };
}

function explain(escrow: Escrow, fulfilment: VendorOrder['fulfilment'] = 'physical'): Explanation {
  return explainEscrow({
    status: escrow.status,
    fulfilment,
    paused: escrow.pausedAt instanceof Date,
    nextAction: { kind: escrow.nextActionKind, at: escrow.nextActionAt?.toISOString() ?? null },
  });
}

function toNext(escrowId: Escrow['id'] | null, { next, canChange }: Explanation): z.infer<typeof NextSchema> {
  return { escrowId, ...next, canChange };
}

function toEntry(event: DomainEvent): z.infer<typeof EntrySchema> {
  const { reason } = event.data;
  return {
    id: event.id,
    at: event.at.toISOString(),
    type: event.type,
    by: event.actorRole,
    text: isFactType(event.type) ? factInWords(event.type, typeof reason === 'string' ? reason : null) : event.type,
    escrowId: event.escrowId ?? null,
  };
}
