/** A chargeback as administrators see it: what the bank takes, who carries it, and what was claimed back. */

import { z } from '@hono/zod-openapi';
import type { ClawBack } from '../../db/entities/claw-back.entity.ts';
import type { ChargebackRows } from '../../db/repositories/chargebacks.ts';
import { CHARGEBACK_STATUSES, evidenceSendAt } from '../../domain/disputes/chargeback.ts';
import { PAYMENT_PROVIDERS } from '../../domain/policy/policy.ts';
import { exampleId, InstantSchema, idSchema, MoneySchema } from '../schemas/values.ts';

/** The provider's own id. */
export const chargebackParams = z.object({
  id: z
    .string()
    .regex(/^[A-Za-z]{2,10}_[A-Za-z0-9]{1,200}$/)
    .openapi({ example: 'dp_1PgafTB7WZ01zgkWO8rJ7c5E' }),
});

const ClawBackSchema = z.strictObject({
  amount: MoneySchema,
  reversed: MoneySchema,
  fromWallet: MoneySchema,
  owed: MoneySchema,
  writtenOff: MoneySchema,
  takenAt: InstantSchema.nullable(),
});

const ShareSchema = z.strictObject({
  escrowId: idSchema('escrow'),
  amount: MoneySchema,
  /** Of it, what was still in the hold when the chargeback was opened. */
  fromHold: MoneySchema,
  clawBack: ClawBackSchema.nullable(),
});

const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' });

export const ChargebackSchema = z
  .strictObject({
    id: z.string(),
    provider: z.enum(PAYMENT_PROVIDERS),
    paymentId: idSchema('payment'),
    orderId: idSchema('order'),
    status: z.enum(CHARGEBACK_STATUSES),
    reason: z.string(),
    amount: MoneySchema,
    fee: MoneySchema,
    /** What had gone back to the buyer before: nobody's but the platform's loss. */
    absorbed: MoneySchema,
    shares: z.array(ShareSchema),
    evidence: z.strictObject({
      dueBy: InstantSchema.nullable(),
      /** When it is sent by itself. */
      sendAt: InstantSchema.nullable(),
      sentAt: InstantSchema.nullable(),
    }),
    openedAt: InstantSchema,
    closedAt: InstantSchema.nullable(),
    settledAt: InstantSchema.nullable(),
  })
  .openapi('Chargeback', {
    example: {
      id: 'dp_1PgafTB7WZ01zgkWO8rJ7c5E',
      provider: 'stripe',
      paymentId: exampleId('payment'),
      orderId: exampleId('order'),
      status: 'lost',
      reason: 'product_not_received',
      amount: usd(10_000),
      fee: usd(1_500),
      absorbed: usd(0),
      shares: [
        {
          escrowId: exampleId('escrow'),
          amount: usd(10_000),
          fromHold: usd(0),
          clawBack: {
            amount: usd(10_000),
            reversed: usd(9_000),
            fromWallet: usd(400),
            owed: usd(600),
            writtenOff: usd(0),
            takenAt: '2026-03-20T12:00:01.000Z',
          },
        },
      ],
      evidence: { dueBy: '2026-03-15T12:00:00.000Z', sendAt: null, sentAt: '2026-03-14T12:00:00.000Z' },
      openedAt: '2026-03-08T12:00:00.000Z',
      closedAt: '2026-03-20T12:00:00.000Z',
      settledAt: '2026-03-20T12:00:02.000Z',
    },
  });

export function toChargeback({ chargeback, shares, clawBacks }: ChargebackRows): z.infer<typeof ChargebackSchema> {
  const { currency, evidenceDueBy, evidenceSentAt, status } = chargeback;
  const money = (amountMinor: number) => ({ amountMinor, currency });
  const instant = (at: Date | null | undefined) => at?.toISOString() ?? null;
  const dueBy = instant(evidenceDueBy);
  const sentAt = instant(evidenceSentAt);
  return {
    id: chargeback.id,
    provider: chargeback.provider,
    paymentId: chargeback.paymentId,
    orderId: chargeback.orderId,
    status,
    reason: chargeback.reason,
    amount: money(chargeback.amountMinor),
    fee: money(chargeback.feeMinor),
    absorbed: money(chargeback.absorbedMinor),
    shares: shares.map(({ escrowId, amountMinor, heldMinor }) => ({
      escrowId,
      amount: money(amountMinor),
      fromHold: money(heldMinor),
      clawBack: toClawBack(clawBacks.find((each) => each.escrowId === escrowId)),
    })),
    evidence: { dueBy, sendAt: status === 'open' && sentAt === null ? evidenceSendAt(dueBy) : null, sentAt },
    openedAt: chargeback.openedAt.toISOString(),
    closedAt: instant(chargeback.closedAt),
    settledAt: instant(chargeback.settledAt),
  };
}

function toClawBack(row: ClawBack | undefined): z.infer<typeof ClawBackSchema> | null {
  if (!row) return null;
  const money = (amountMinor: number) => ({ amountMinor, currency: row.currency });
  return {
    amount: money(row.amountMinor),
    reversed: money(row.reversedMinor),
    fromWallet: money(row.walletMinor),
    owed: money(row.owedMinor),
    writtenOff: money(row.writtenOffMinor),
    takenAt: row.takenAt?.toISOString() ?? null,
  };
}
