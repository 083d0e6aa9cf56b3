/** A dispute as its parties and its reviewers see it: what is frozen, why, what happens next and who can change it. */

import { z } from '@hono/zod-openapi';
import type { DisputeRows } from '../../db/repositories/disputes.ts';
import { DISPUTE_SETTLEMENTS } from '../../db/statuses.ts';
import {
  type Decision,
  DISPUTE_PHASES,
  DISPUTE_REASONS,
  DISPUTE_ROLES,
  type DisputeCase,
  OFFER_STATUSES,
  type Offer,
} from '../../domain/disputes/dispute.ts';
import { explainDispute } from '../../domain/disputes/explain.ts';
import { ACTOR_ROLES, type ActorRole } from '../../domain/escrow.ts';
import { DISPUTE_OUTCOMES } from '../../domain/policy/policy.ts';
import { exampleId, InstantSchema, idSchema, MoneySchema } from '../schemas/values.ts';

const PARTIES = ['buyer', 'seller'] as const;

export const NextStepSchema = z.strictObject({ kind: z.string(), at: InstantSchema.nullable(), text: z.string() });
export const MoveSchema = z.strictObject({ by: z.enum(ACTOR_ROLES), move: z.string() });

const VerdictSchema = z.strictObject({
  outcome: z.enum(DISPUTE_OUTCOMES),
  buyer: MoneySchema.nullable(),
  returnGoods: z.boolean(),
  byRole: z.enum(DISPUTE_ROLES),
  at: InstantSchema,
});

const OfferSchema = z.strictObject({
  id: idSchema('offer'),
  by: z.enum(PARTIES),
  buyer: MoneySchema.nullable(),
  replacement: z.boolean(),
  status: z.enum(OFFER_STATUSES),
});

const ResolutionSchema = z.strictObject({
  outcome: z.enum(DISPUTE_OUTCOMES),
  buyer: MoneySchema.nullable(),
  by: z.enum(['offer', 'verdict', 'review', 'default', 'bank']),
});

export const DisputeSchema = z
  .strictObject({
    id: idSchema('dispute'),
    orderId: idSchema('order'),
    vendorOrderId: idSchema('vendorOrder'),
    escrowId: idSchema('escrow'),
    buyerId: idSchema('user'),
    sellerId: idSchema('user'),
    openedBy: z.enum(['buyer', 'provider']),
    reason: z.enum(DISPUTE_REASONS),
    description: z.string(),
    phase: z.enum(DISPUTE_PHASES),
    frozen: MoneySchema,
    lines: z.array(z.strictObject({ itemId: idSchema('orderItem'), title: z.string(), quantity: z.int() })),
    deadlineAt: InstantSchema.nullable(),
    next: NextStepSchema,
    canChange: z.array(MoveSchema),
    claimedBy: idSchema('user').nullable(),
    verdict: VerdictSchema.nullable(),
    appeals: z.array(z.enum(PARTIES)),
    appealUntil: InstantSchema.nullable(),
    offers: z.array(OfferSchema),
    resolution: ResolutionSchema.nullable(),
    settlement: z.enum(DISPUTE_SETTLEMENTS).nullable(),
    withBank: z.boolean(),
    openedAt: InstantSchema,
    closedAt: InstantSchema.nullable(),
    version: z.int(),
  })
  .openapi('Dispute', {
    example: {
      id: exampleId('dispute'),
      orderId: exampleId('order'),
      vendorOrderId: exampleId('vendorOrder'),
      escrowId: exampleId('escrow'),
      buyerId: exampleId('user'),
      sellerId: exampleId('user'),
      openedBy: 'buyer',
      reason: 'damaged',
      description: 'One of the two mugs came in pieces.',
      phase: 'seller_response',
      frozen: { amountMinor: 3000, currency: 'USD' },
      lines: [{ itemId: exampleId('orderItem'), title: 'Stoneware mug, 350 ml', quantity: 1 }],
      deadlineAt: '2026-03-04T12:00:00.000Z',
      next: {
        kind: 'mediate',
        at: '2026-03-04T12:00:00.000Z',
        text: 'The contested part is held. The seller is asked to respond. Without a response by then, a reviewer decides without an answer.',
      },
      canChange: [
        { by: 'seller', move: 'respond' },
        { by: 'buyer', move: 'withdraw' },
      ],
      claimedBy: null,
      verdict: null,
      appeals: [],
      appealUntil: null,
      offers: [
        {
          id: exampleId('offer'),
          by: 'seller',
          buyer: { amountMinor: 1500, currency: 'USD' },
          replacement: false,
          status: 'open',
        },
      ],
      resolution: null,
      settlement: null,
      withBank: false,
      openedAt: '2026-03-01T12:00:00.000Z',
      closedAt: null,
      version: 2,
    },
  });

/** The answer to opening a dispute and to everything that changes one. */
export const DisputeAnswerSchema = z.strictObject({ dispute: DisputeSchema }).openapi('DisputeAnswer');

/** Those who decide: they see who works on a case. */
export function isReviewer(role: ActorRole): boolean {
  return role === 'admin' || role === 'verifier';
}

/** `viewer`: the part of whoever reads it. */
export function toDispute({ dispute: row, lines }: DisputeRows, viewer: ActorRole): z.infer<typeof DisputeSchema> {
  const { content } = row;
  const { next, canChange } = explainDispute(content);
  return {
    id: row.id,
    orderId: row.orderId,
    vendorOrderId: row.vendorOrderId,
    escrowId: row.escrowId,
    buyerId: row.buyerId,
    sellerId: row.sellerId,
    openedBy: row.openedBy,
    reason: row.reason,
    description: row.description,
    phase: row.phase,
    frozen: { amountMinor: row.frozenMinor, currency: row.currency },
    lines: lines.map(({ itemId, title, quantity }) => ({ itemId, title, quantity })),
    // None while the bank decides: no clock runs.
    deadlineAt: row.deadlineAt?.toISOString() ?? null,
    next,
    canChange,
    claimedBy: isReviewer(viewer) ? (row.claimedBy ?? null) : null,
    ...toDecisions(content),
    settlement: row.settlement ?? null,
    withBank: content.bankSince !== null,
    openedAt: row.openedAt.toISOString(),
    closedAt: row.closedAt?.toISOString() ?? null,
    version: row.version,
  };
}

/** Verdict, appeals, offers and how it ended: with amounts, without the names of those who decided. */
function toDecisions(content: DisputeCase) {
  const { verdict, resolution } = content;
  return {
    verdict: verdict && {
      outcome: verdict.decision.outcome,
      buyer: buyersPart(verdict.decision, content),
      returnGoods: verdict.decision.outcome === 'refund' && verdict.decision.returnGoods === true,
      byRole: verdict.by.role,
      at: verdict.at,
    },
    appeals: [...content.appeals],
    appealUntil: content.appealUntil,
    offers: content.offers.map((offer) => toOffer(offer, content)),
    resolution: resolution && {
      outcome: resolution.decision.outcome,
      buyer: buyersPart(resolution.decision, content),
      by: resolution.by,
    },
  };
}

function toOffer({ offerId, by, terms, status }: Offer, { currency }: DisputeCase): z.infer<typeof OfferSchema> {
  const buyer = terms.kind === 'split' ? { amountMinor: terms.buyerMinor, currency } : null;
  return { id: offerId as z.infer<typeof OfferSchema>['id'], by, buyer, replacement: buyer === null, status };
}

/** What the buyer gets of the frozen part; null where the hold goes on. */
function buyersPart(decision: Decision, { currency, frozenMinor }: DisputeCase): z.infer<typeof MoneySchema> | null {
  switch (decision.outcome) {
    case 'refund':
      return { amountMinor: frozenMinor, currency };
    case 'release':
      return { amountMinor: 0, currency };
    case 'split':
      return { amountMinor: decision.buyerMinor, currency };
    case 'replacement':
    case 'dismissal':
      return null;
  }
}
