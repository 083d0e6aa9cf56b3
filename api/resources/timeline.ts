/**
 * Timelines of orders and disputes: past facts, then what comes next and who can change it, for the order, for each hold and
 * for each part of one that is contested.
 */

import { z } from '@hono/zod-openapi';
import type { Dispute } from '../../db/entities/dispute.entity.ts';
import type { DomainEvent } from '../../db/entities/domain-event.entity.ts';
import type { Escrow } from '../../db/entities/escrow.entity.ts';
import type { Order } from '../../db/entities/order.entity.ts';
import type { VendorOrder } from '../../db/entities/vendor-order.entity.ts';
import { DISPUTE_PHASES } from '../../domain/disputes/dispute.ts';
import { explainDispute } from '../../domain/disputes/explain.ts';
import { openingRefusal } from '../../domain/disputes/opening.ts';
import type { ActorRole } from '../../domain/escrow.ts';
import { type Explanation, explainEscrow, explainOrder } from '../../domain/explain.ts';
import { FACT_ACTOR_ROLES, factInWords, isFactType } from '../../domain/facts.ts';
import { isId } from '../../domain/ids.ts';
import { ORDER_STATUSES } from '../../domain/order.ts';
import { exampleId, InstantSchema, idSchema, MoneySchema } from '../schemas/values.ts';
import { MoveSchema } from './dispute.ts';
import { restMinorOf } from './hold.ts';

const EntrySchema = z.strictObject({
  id: idSchema('event'),
  at: InstantSchema,
  type: z.string(),
  by: z.enum(FACT_ACTOR_ROLES),
  text: z.string(),
  escrowId: idSchema('escrow').nullable(),
  disputeId: idSchema('dispute').nullable(),
});

const NextSchema = z.strictObject({
  escrowId: idSchema('escrow').nullable(),
  /** Present for a contested part. */
  disputeId: idSchema('dispute').nullable(),
  /** How much waits for it; null while nothing is held. */
  amount: MoneySchema.nullable(),
  kind: z.string(),
  at: InstantSchema.nullable(),
  text: z.string(),
  canChange: z.array(MoveSchema),
  /** What whoever reads this can do. */
  yourMoves: z.array(z.string()),
});

const exampleEntry = {
  id: exampleId('event'),
  at: '2026-03-01T12:00:00.000Z',
  type: 'escrow.shipped',
  by: 'seller' as const,
  text: 'The goods are on their way.',
  escrowId: exampleId('escrow'),
  disputeId: null,
};

const exampleNext = {
  escrowId: exampleId('escrow'),
  disputeId: null,
  amount: { amountMinor: 6000, currency: 'USD' as const },
  kind: 'mark_delivered',
  at: '2026-03-15T12:00:00.000Z',
  text: 'The goods are on their way. Without news by then they count as delivered.',
  canChange: [{ by: 'buyer' as const, move: 'confirm-delivery' }],
  yourMoves: ['confirm-delivery'],
};

const feed = { data: z.array(EntrySchema), nextCursor: z.string().nullable(), next: z.array(NextSchema) };

export const TimelineSchema = z.strictObject({ status: z.enum(ORDER_STATUSES), ...feed }).openapi('Timeline', {
  example: { status: 'shipped', data: [exampleEntry], nextCursor: null, next: [exampleNext] },
});

export const DisputeTimelineSchema = z
  .strictObject({ phase: z.enum(DISPUTE_PHASES), ...feed })
  .openapi('DisputeTimeline', {
    example: {
      phase: 'seller_response',
      data: [
        {
          ...exampleEntry,
          type: 'dispute.opened',
          by: 'buyer',
          text: 'The buyer contests a part; only that part is frozen.',
          disputeId: exampleId('dispute'),
        },
      ],
      nextCursor: null,
      next: [
        {
          ...exampleNext,
          disputeId: exampleId('dispute'),
          kind: 'mediate',
          text: 'The contested part is held. The seller is asked to respond.',
          canChange: [{ by: 'seller', move: 'respond' }],
          yourMoves: ['respond'],
        },
      ],
    },
  });

/** The facts of one page, one more than `limit` when there is another; `viewer`: the part of whoever reads them. */
type Page = { events: readonly DomainEvent[]; limit: number; viewer: ActorRole };

type TimelineRows = Page & {
  order: Order;
  /** Those the viewer may see, with their holds and disputes. */
  vendorOrders: readonly VendorOrder[];
  escrows: readonly Escrow[];
  disputes: readonly Dispute[];
};

export function toTimeline({
  order,
  vendorOrders,
  escrows,
  disputes,
  ...page
}: TimelineRows): z.infer<typeof TimelineSchema> {
  const next = escrows.flatMap((escrow) => {
    const vendorOrder = vendorOrders.find(({ id }) => id === escrow.vendorOrderId);
    const open = disputes.filter((each) => each.escrowId === escrow.id && !(each.settledAt instanceof Date));
    return [ofHold(escrow, order, vendorOrder), ...open.map(ofDispute)];
  });
  const ofOrder = { ...NOTHING_HELD, ...explainOrder(order.status, order.paymentExpiresAt.toISOString()) };
  return { status: order.status, ...toFeed(page, next.length > 0 ? next : [ofOrder]) };
}

export function toDisputeTimeline({
  dispute,
  ...page
}: Page & { dispute: Dispute }): z.infer<typeof DisputeTimelineSchema> {
  return { phase: dispute.phase, ...toFeed(page, [ofDispute(dispute)]) };
}

type Step = Explanation & Pick<z.infer<typeof NextSchema>, 'escrowId' | 'disputeId' | 'amount'>;

const NOTHING_HELD = { escrowId: null, disputeId: null, amount: null };

function ofHold(escrow: Escrow, order: Order, vendorOrder: VendorOrder | undefined): Step {
  const { id: escrowId, phase, currency, frozenMinor, openDisputes } = escrow;
  const restMinor = restMinorOf(escrow);
  const fulfilment = vendorOrder?.fulfilment ?? 'physical';
  const { next, canChange } = explainEscrow({
    status: phase,
    fulfilment,
    // Sent to a verifier, not to the buyer: nothing counts as delivered by itself.
    verifying: vendorOrder?.authenticity === true && phase === 'shipped' && !(escrow.deliveredBy instanceof Date),
    paused: escrow.pausedAt instanceof Date,
    nextAction: { kind: escrow.nextActionKind, at: escrow.nextActionAt?.toISOString() ?? null },
    contested: openDisputes > 0 ? { frozenMinor, restMinor, currency } : null,
  });
  const objection = canBeDisputed(escrow, order, fulfilment) ? [{ by: 'buyer' as const, move: 'dispute' }] : [];
  const amount = { amountMinor: restMinor, currency };
  return { escrowId, disputeId: null, amount, next, canChange: [...canChange, ...objection] };
}

function ofDispute({ id, escrowId, frozenMinor, currency, content }: Dispute): Step {
  return { escrowId, disputeId: id, amount: { amountMinor: frozenMinor, currency }, ...explainDispute(content) };
}

/** Could the buyer contest what is left of the hold now? For goods that do not come, the one complaint of every phase. */
function canBeDisputed(escrow: Escrow, { policy }: Order, fulfilment: VendorOrder['fulfilment']): boolean {
  const { buyerId, phase, pausedAt, releaseAt } = escrow;
  const quantity = restMinorOf(escrow) > 0 ? 1 : 0;
  const refusal = openingRefusal(
    { actor: { role: 'buyer', id: buyerId }, reason: 'not_received', lines: [] },
    {
      status: phase,
      fulfilment,
      paused: pausedAt instanceof Date,
      releaseAt: releaseAt?.toISOString() ?? null,
      buyerId,
      policy: policy.dispute,
      lines: [{ itemId: 'rest', quantity, disputedQuantity: 0, settledQuantity: 0 }],
    },
    new Date().toISOString(),
  );
  return refusal === null;
}

function toFeed({ events, limit, viewer }: Page, steps: readonly Step[]) {
  const page = events.slice(0, limit);
  const last = events.length > limit ? page.at(-1) : undefined;
  return {
    data: page.map(toEntry),
    nextCursor: last ? String(last.seq) : null,
    next: steps.map(({ next, ...step }) => {
      const yourMoves = step.canChange.filter(({ by }) => by === reader(viewer)).map(({ move }) => move);
      return { ...step, ...next, yourMoves };
    }),
  };
}

/** In explanations, `admin` stands for everyone who decides. */
function reader(viewer: ActorRole): ActorRole {
  return viewer === 'verifier' ? 'admin' : viewer;
}

function toEntry(event: DomainEvent): z.infer<typeof EntrySchema> {
  const { reason, disputeId } = event.data;
  return {
    id: event.id,
    at: event.at.toISOString(),
    type: event.type,
    by: event.actorRole,
    text: isFactType(event.type) ? factInWords(event.type, typeof reason === 'string' ? reason : null) : event.type,
    escrowId: event.escrowId ?? null,
    disputeId: typeof disputeId === 'string' && isId('dispute', disputeId) ? disputeId : null,
  };
}
