/** An escrow: how much is held, until when, and what happens next by itself. */

import { z } from '@hono/zod-openapi';
import type { Dispute } from '../../db/entities/dispute.entity.ts';
import type { Escrow } from '../../db/entities/escrow.entity.ts';
import { PAYOUT_STATUSES } from '../../db/statuses.ts';
import { ESCROW_PHASES, ESCROW_STATUSES, NEXT_ACTIONS } from '../../domain/escrow.ts';
import { exampleId, InstantSchema, idSchema } from '../schemas/values.ts';
import { HoldDisputeSchema, holdExample, holdFields, toHold, toHoldDispute } from './hold.ts';

export const EscrowSchema = z
  .strictObject({
    id: idSchema('escrow'),
    orderId: idSchema('order'),
    vendorOrderId: idSchema('vendorOrder'),
    status: z.enum(ESCROW_STATUSES),
    /** How far the hold itself has come, whatever part of it is contested. */
    phase: z.enum(ESCROW_PHASES),
    ...holdFields,
    paused: z.boolean(),
    shipBy: InstantSchema.nullable(),
    releaseAt: InstantSchema.nullable(),
    nextAction: z.strictObject({ kind: z.enum(NEXT_ACTIONS), at: InstantSchema.nullable() }),
    payoutStatus: z.enum(PAYOUT_STATUSES),
    disputes: z.array(HoldDisputeSchema),
    createdAt: InstantSchema,
    updatedAt: InstantSchema,
  })
  .openapi('Escrow', {
    example: {
      id: exampleId('escrow'),
      orderId: exampleId('order'),
      vendorOrderId: exampleId('vendorOrder'),
      status: 'delivered',
      phase: 'delivered',
      ...holdExample,
      paused: false,
      shipBy: null,
      releaseAt: '2026-03-08T12:00:00.000Z',
      nextAction: { kind: 'release', at: '2026-03-08T12:00:00.000Z' },
      payoutStatus: 'none',
      disputes: [],
      createdAt: '2026-03-01T12:00:00.000Z',
      updatedAt: '2026-03-01T12:00:00.000Z',
    },
  });

/** With the hold's disputes, in the order they were opened. */
export function toEscrow(row: Escrow, disputes: readonly Dispute[]): z.infer<typeof EscrowSchema> {
  const instant = (at: Date | null | undefined) => at?.toISOString() ?? null;
  return {
    id: row.id,
    orderId: row.orderId,
    vendorOrderId: row.vendorOrderId,
    status: row.status,
    phase: row.phase,
    ...toHold(row),
    paused: row.pausedAt instanceof Date,
    shipBy: instant(row.shipBy),
    releaseAt: instant(row.releaseAt),
    nextAction: { kind: row.nextActionKind, at: instant(row.nextActionAt) },
    payoutStatus: row.payoutStatus,
    disputes: disputes.map(toHoldDispute),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
