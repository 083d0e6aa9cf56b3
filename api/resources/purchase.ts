/** A purchase of chips as its buyer sees it: what it costs, how to pay it, and its receipt. */

import { z } from '@hono/zod-openapi';
import type { DomainEvent } from '../../db/entities/domain-event.entity.ts';
import type { Purchase } from '../../db/entities/purchase.entity.ts';
import { FACT_ACTOR_ROLES, factInWords, isFactType } from '../../domain/facts.ts';
import { PAYMENT_PROVIDERS } from '../../domain/policy/policy.ts';
import { explainPurchase, PURCHASE_STATUSES } from '../../domain/purchase.ts';
import { exampleId, InstantSchema, idSchema, MoneySchema } from '../schemas/values.ts';
import { MoveSchema } from './dispute.ts';
import { PaymentSchema, toPayment } from './payment.ts';

export const PurchaseSchema = z
  .strictObject({
    id: idSchema('purchase'),
    chips: z.int(),
    price: MoneySchema,
    provider: z.enum(PAYMENT_PROVIDERS),
    status: z.enum(PURCHASE_STATUSES),
    /** What went with money that went back; never more than were there. */
    chipsTakenBack: z.int(),
    receiptNumber: z.string().nullable(),
    createdAt: InstantSchema,
    completedAt: InstantSchema.nullable(),
  })
  .openapi('Purchase', {
    example: {
      id: exampleId('purchase'),
      chips: 500,
      price: { amountMinor: 50_000, currency: 'PHP' },
      provider: 'gcash',
      status: 'pending',
      chipsTakenBack: 0,
      receiptNumber: null,
      createdAt: '2026-03-01T12:00:00.000Z',
      completedAt: null,
    },
  });

/** The answer to beginning a purchase. */
export const BegunPurchaseSchema = z
  .strictObject({ purchase: PurchaseSchema, payment: PaymentSchema })
  .openapi('BegunPurchase');

const ReceiptSchema = z
  .strictObject({
    number: z.string(),
    issuedAt: InstantSchema,
    buyer: z.string(),
    line: z.string(),
    chips: z.int(),
    paid: MoneySchema,
    refunded: MoneySchema,
    paidBy: z.enum(PAYMENT_PROVIDERS),
    /** The provider's own name for the payment. */
    paymentReference: z.string(),
  })
  .openapi('Receipt');

export const PurchaseWithReceiptSchema = PurchaseSchema.extend({
  payment: PaymentSchema,
  receipt: ReceiptSchema.nullable(),
}).openapi('PurchaseWithReceipt');

export const PurchaseTimelineSchema = z
  .strictObject({
    data: z.array(
      z.strictObject({
        id: idSchema('event'),
        at: InstantSchema,
        type: z.string(),
        by: z.enum(FACT_ACTOR_ROLES),
        text: z.string(),
      }),
    ),
    nextCursor: z.string().nullable(),
    next: z.strictObject({ kind: z.string(), at: InstantSchema.nullable(), text: z.string() }),
    canChange: z.array(MoveSchema),
  })
  .openapi('PurchaseTimeline');

export function toPurchase(row: Purchase): z.infer<typeof PurchaseSchema> {
  const { id, chips, amountMinor, currency, provider, status, chipsTakenBack } = row;
  return {
    id,
    chips,
    price: { amountMinor, currency },
    provider,
    status,
    chipsTakenBack,
    receiptNumber: row.receiptNumber ?? null,
    createdAt: row.createdAt.toISOString(),
    completedAt: row.completedAt?.toISOString() ?? null,
  };
}

export function toBegunPurchase(row: Purchase): z.infer<typeof BegunPurchaseSchema> {
  return { purchase: toPurchase(row), payment: paymentOf(row) };
}

export function toPurchaseWithReceipt(row: Purchase, buyer: string): z.infer<typeof PurchaseWithReceiptSchema> {
  return { ...toPurchase(row), payment: paymentOf(row), receipt: receiptOf(row, buyer) };
}

/** A page of facts, of which one more than `limit` may have been read; and what comes next. */
export function toPurchaseTimeline(
  row: Purchase,
  events: readonly DomainEvent[],
  limit: number,
): z.infer<typeof PurchaseTimelineSchema> {
  const page = events.slice(0, limit);
  const last = events.length > limit ? page.at(-1) : undefined;
  return {
    data: page.map(({ id, at, type, actorRole, data: { reason } }) => ({
      id,
      at: at.toISOString(),
      type,
      by: actorRole,
      text: isFactType(type) ? factInWords(type, typeof reason === 'string' ? reason : null) : type,
    })),
    nextCursor: last ? String(last.seq) : null,
    ...explainPurchase(row.status, row.expiresAt.toISOString()),
  };
}

function receiptOf(row: Purchase, buyer: string): z.infer<typeof ReceiptSchema> | null {
  const { receiptNumber, completedAt, chips, amountMinor, currency, refundedMinor, provider } = row;
  if (!receiptNumber || !completedAt) return null;
  return {
    number: receiptNumber,
    issuedAt: completedAt.toISOString(),
    buyer,
    line: `${chips} chips at 1.00 PHP; chips are not redeemable for money`,
    chips,
    paid: { amountMinor, currency },
    refunded: { amountMinor: refundedMinor, currency },
    paidBy: provider,
    paymentReference: row.providerObjectId ?? '',
  };
}

function paymentOf({ paymentId, paymentStatus, ...row }: Purchase): z.infer<typeof PaymentSchema> {
  const open = row.status === 'pending';
  const { clientSecret, approvalUrl, provider, failureCode } = row;
  return toPayment({
    id: paymentId,
    status: paymentStatus,
    provider,
    failureCode,
    clientSecret: open ? clientSecret : null,
    approvalUrl: open ? approvalUrl : null,
  });
}
