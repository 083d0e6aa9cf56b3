/** A hold's amounts and its disputes in short, as orders, vendor orders and escrows show them. */

import { z } from '@hono/zod-openapi';
import type { Dispute } from '../../db/entities/dispute.entity.ts';
import type { Escrow } from '../../db/entities/escrow.entity.ts';
import { DISPUTE_SETTLEMENTS } from '../../db/statuses.ts';
import { DISPUTE_PHASES, DISPUTE_REASONS } from '../../domain/disputes/dispute.ts';
import { explainDispute } from '../../domain/disputes/explain.ts';
import { exampleId, idSchema, MoneySchema } from '../schemas/values.ts';
import { MoveSchema, NextStepSchema } from './dispute.ts';

const USD = (amountMinor: number) => ({ amountMinor, currency: 'USD' as const });

/** The amounts add up: held is the sum of all others. */
export const holdFields = {
  held: MoneySchema,
  /** What nobody contests and nobody was paid yet. */
  rest: MoneySchema,
  frozen: MoneySchema,
  released: MoneySchema,
  refunded: MoneySchema,
  chargedBack: MoneySchema,
};

export const holdExample = {
  held: USD(6000),
  rest: USD(6000),
  frozen: USD(0),
  released: USD(0),
  refunded: USD(0),
  chargedBack: USD(0),
};

export const HoldSchema = z.strictObject(holdFields).openapi('Hold', { example: holdExample });

/** A dispute of the hold: why this part is held, what happens next and when, who can change it. */
export const HoldDisputeSchema = z
  .strictObject({
    id: idSchema('dispute'),
    reason: z.enum(DISPUTE_REASONS),
    phase: z.enum(DISPUTE_PHASES),
    frozen: MoneySchema,
    next: NextStepSchema,
    canChange: z.array(MoveSchema),
    settlement: z.enum(DISPUTE_SETTLEMENTS).nullable(),
  })
  .openapi('HoldDispute', {
    example: {
      id: exampleId('dispute'),
      reason: 'damaged',
      phase: 'mediation',
      frozen: USD(3000),
      next: {
        kind: 'decide_refund',
        at: '2026-03-10T12:00:00.000Z',
        text: 'The contested part is held while the parties talk and a reviewer decides. Without a decision by then, the contested part goes back to the buyer.',
      },
      canChange: [{ by: 'admin', move: 'verdict' }],
      settlement: null,
    },
  });

/** What nobody contests and nobody was paid yet, in minor units. */
export function restMinorOf(row: Escrow): number {
  return row.heldMinor - row.frozenMinor - row.releasedMinor - row.refundedMinor - row.chargedBackMinor;
}

export function toHold(row: Escrow): z.infer<typeof HoldSchema> {
  const inCurrency = (amountMinor: number) => ({ amountMinor, currency: row.currency });
  return {
    held: inCurrency(row.heldMinor),
    rest: inCurrency(restMinorOf(row)),
    frozen: inCurrency(row.frozenMinor),
    released: inCurrency(row.releasedMinor),
    refunded: inCurrency(row.refundedMinor),
    chargedBack: inCurrency(row.chargedBackMinor),
  };
}

export function toHoldDispute(row: Dispute): z.infer<typeof HoldDisputeSchema> {
  return {
    id: row.id,
    reason: row.reason,
    phase: row.phase,
    frozen: { amountMinor: row.frozenMinor, currency: row.currency },
    ...explainDispute(row.content),
    settlement: row.settlement ?? null,
  };
}
