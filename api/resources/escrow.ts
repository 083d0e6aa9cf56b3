/** An escrow: how much is held, until when, and what happens next by itself. */

import { z } from '@hono/zod-openapi';
import type { Escrow } from '../../db/entities/escrow.entity.ts';
import { PAYOUT_STATUSES } from '../../db/statuses.ts';
import { ESCROW_STATUSES, NEXT_ACTIONS } from '../../domain/escrow.ts';
import { exampleId, InstantSchema, idSchema, MoneySchema } from '../schemas/values.ts';

export const EscrowSchema = z
  .strictObject({
    id: idSchema('escrow'),
    orderId: idSchema('order'),
    vendorOrderId: idSchema('vendorOrder'),
    status: z.enum(ESCROW_STATUSES),
    held: MoneySchema,
    frozen: MoneySchema,
    released: MoneySchema,
    refunded: MoneySchema,
    paused: z.boolean(),
    shipBy: InstantSchema.nullable(),
    releaseAt: InstantSchema.nullable(),
    nextAction: z.strictObject({ kind: z.enum(NEXT_ACTIONS), at: InstantSchema.nullable() }),
    payoutStatus: z.enum(PAYOUT_STATUSES),
    createdAt: InstantSchema,
    updatedAt: InstantSchema,
  })
  .openapi('Escrow', {
    example: {
      id: exampleId('escrow'),
      orderId: exampleId('order'),
      vendorOrderId: exampleId('vendorOrder'),
      status: 'delivered',
      held: { amountMinor: 6000, currency: 'USD' },
      frozen: { amountMinor: 0, currency: 'USD' },
      released: { amountMinor: 0, currency: 'USD' },
      refunded: { amountMinor: 0, currency: 'USD' },
      paused: false,
      shipBy: null,
      releaseAt: '2026-03-08T12:00:00.000Z',
      nextAction: { kind: 'release', at: '2026-03-08T12:00:00.000Z' },
      payoutStatus: 'none',
      createdAt: '2026-03-01T12:00:00.000Z',
      updatedAt: '2026-03-01T12:00:00.000Z',
    },
  });

export function toEscrow(row: Escrow): z.infer<typeof EscrowSchema> {
  const inCurrency = (amountMinor: number) => ({ amountMinor, currency: row.currency });
  const instant = (at: Date | null | undefined) => at?.toISOString() ?? null;
  return {
    id: row.id,
    orderId: row.orderId,
    vendorOrderId: row.vendorOrderId,
    status: row.status,
    held: inCurrency(row.heldMinor),
    frozen: inCurrency(row.frozenMinor),
    released: inCurrency(row.releasedMinor),
    refunded: inCurrency(row.refundedMinor),
    paused: row.pausedAt instanceof Date,
    shipBy: instant(row.shipBy),
    releaseAt: instant(row.releaseAt),
    nextAction: { kind: row.nextActionKind, at: instant(row.nextActionAt) },
    payoutStatus: row.payoutStatus,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
