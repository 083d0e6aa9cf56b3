/** A verifier leg: where the goods are and who had them, what was found, what happens next and who can change it. */

import { z } from '@hono/zod-openapi';
import type { CustodyScan } from '../../db/entities/custody-scan.entity.ts';
import type { AuthenticityRows } from '../../db/repositories/authenticity.ts';
import {
  AUTHENTICITY_PHASES,
  AUTHENTICITY_RESULTS,
  CONDITIONS,
  CUSTODY_STEPS,
  FINDINGS,
} from '../../domain/authenticity/case.ts';
import { explainAuthenticity } from '../../domain/authenticity/explain.ts';
import { ACTOR_ROLES } from '../../domain/escrow.ts';
import { exampleId, InstantSchema, idSchema, MoneySchema } from '../schemas/values.ts';
import { MoveSchema, NextStepSchema } from './dispute.ts';

const ParcelSchema = z.strictObject({ carrier: z.string(), trackingNumber: z.string() });

const InspectionSchema = z.strictObject({
  result: z.enum(FINDINGS),
  condition: z.enum(CONDITIONS).nullable(),
  note: z.string(),
  /** What the buyer may take the goods for; null: no lower price is offered. */
  lowerPrice: MoneySchema.nullable(),
  at: InstantSchema,
});

const CustodyScanSchema = z.strictObject({
  step: z.enum(CUSTODY_STEPS),
  by: z.enum(ACTOR_ROLES),
  byId: idSchema('user'),
  location: z.string().nullable(),
  note: z.string().nullable(),
  parcel: ParcelSchema.nullable(),
  at: InstantSchema,
});

export const AuthenticitySchema = z
  .strictObject({
    id: idSchema('authenticity'),
    escrowId: idSchema('escrow'),
    orderId: idSchema('order'),
    vendorOrderId: idSchema('vendorOrder'),
    buyerId: idSchema('user'),
    sellerId: idSchema('user'),
    phase: z.enum(AUTHENTICITY_PHASES),
    verifierId: idSchema('user').nullable(),
    price: MoneySchema,
    inspection: InspectionSchema.nullable(),
    result: z.enum(AUTHENTICITY_RESULTS).nullable(),
    forwarded: ParcelSchema.nullable(),
    deadlineAt: InstantSchema.nullable(),
    next: NextStepSchema,
    canChange: z.array(MoveSchema),
    custody: z.array(CustodyScanSchema),
    openedAt: InstantSchema,
    closedAt: InstantSchema.nullable(),
    version: z.int(),
  })
  .openapi('Authenticity', {
    example: {
      id: exampleId('authenticity'),
      escrowId: exampleId('escrow'),
      orderId: exampleId('order'),
      vendorOrderId: exampleId('vendorOrder'),
      buyerId: exampleId('user'),
      sellerId: exampleId('user'),
      phase: 'assigning',
      verifierId: null,
      price: { amountMinor: 6000, currency: 'EUR' },
      inspection: null,
      result: null,
      forwarded: null,
      deadlineAt: '2026-03-04T12:00:00.000Z',
      next: {
        kind: 'refund',
        at: '2026-03-04T12:00:00.000Z',
        text: 'The goods are on their way to be verified. Without a verifier by then, the buyer is refunded.',
      },
      canChange: [{ by: 'admin', move: 'assign' }],
      custody: [
        {
          step: 'sent',
          by: 'seller',
          byId: exampleId('user'),
          location: null,
          note: null,
          parcel: { carrier: 'DHL', trackingNumber: 'JD014600003' },
          at: '2026-03-01T12:00:00.000Z',
        },
      ],
      openedAt: '2026-03-01T12:00:00.000Z',
      closedAt: null,
      version: 1,
    },
  });

/** The answer of every change. */
export const AuthenticityAnswerSchema = z.strictObject({ authenticity: AuthenticitySchema });

export function toAuthenticity({ row, custody }: AuthenticityRows): z.infer<typeof AuthenticitySchema> {
  const { content: leg, currency } = row;
  const { phase, verifierId, inspection, result, forwarded, deadlineAt } = leg;
  return {
    id: row.id,
    escrowId: row.escrowId,
    orderId: row.orderId,
    vendorOrderId: row.vendorOrderId,
    buyerId: row.buyerId,
    sellerId: row.sellerId,
    phase,
    verifierId,
    price: { amountMinor: leg.itemsMinor, currency },
    inspection: inspection && {
      result: inspection.finding,
      condition: inspection.condition,
      note: inspection.note,
      lowerPrice: inspection.lowerPriceMinor === null ? null : { amountMinor: inspection.lowerPriceMinor, currency },
      at: inspection.at,
    },
    result,
    forwarded,
    deadlineAt,
    ...explainAuthenticity(leg),
    custody: custody.map(toScan),
    openedAt: row.openedAt.toISOString(),
    closedAt: row.closedAt?.toISOString() ?? null,
    version: row.version,
  };
}

function toScan(scan: CustodyScan): z.infer<typeof CustodyScanSchema> {
  const { carrier, trackingNumber } = scan;
  return {
    step: scan.step,
    by: scan.actorRole,
    byId: scan.actorId,
    location: scan.location ?? null,
    note: scan.note ?? null,
    parcel: carrier && trackingNumber ? { carrier, trackingNumber } : null,
    at: scan.at.toISOString(),
  };
}
