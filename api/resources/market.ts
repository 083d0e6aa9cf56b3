/** A market for everyone to read: its outcomes with what they are worth now, what happens next, and how it ended. */

import { z } from '@hono/zod-openapi';
import type { Market } from '../../db/entities/market.entity.ts';
import type { MarketRows } from '../../db/repositories/markets.ts';
import { type MarketCase, statusAt } from '../../domain/markets/commands.ts';
import { explainMarket, type MarketExplanation } from '../../domain/markets/explain.ts';
import { MARKET_CATEGORIES, MARKET_STATUSES, probabilityOf } from '../../domain/markets/market.ts';
import { exampleId, InstantSchema, idSchema } from '../schemas/values.ts';

/** What a moderator knows about a market besides: flat, so that it can be shown. */
export const MarketMetadataSchema = z
  .record(z.string().regex(/^[\w .-]{1,64}$/), z.union([z.string().max(1_000), z.number(), z.boolean(), z.null()]))
  .refine((metadata) => Object.keys(metadata).length <= 50, 'at most 50 fields');

const OutcomeSchema = z.strictObject({
  id: idSchema('outcome'),
  name: z.string(),
  totalPoints: z.int(),
  forecasts: z.int(),
  /** Its points against the pool, every outcome with one point for free. */
  probability: z.number(),
});

const ProposalSchema = z.strictObject({
  outcomeId: idSchema('outcome'),
  evidenceUrls: z.array(z.string()),
  note: z.string(),
  proposedBy: idSchema('user'),
  proposedAt: InstantSchema,
  challengeUntil: InstantSchema,
});

const ResolutionSchema = z.strictObject({
  outcomeId: idSchema('outcome'),
  evidenceUrls: z.array(z.string()),
  note: z.string(),
  proposedBy: idSchema('user'),
  /** Null where nobody challenged. */
  decidedBy: idSchema('user').nullable(),
  resolvedAt: InstantSchema,
});

export const MarketStepSchema = z.strictObject({ kind: z.string(), at: InstantSchema.nullable(), text: z.string() });
export const MarketMoveSchema = z.strictObject({ by: z.enum(['moderator', 'forecaster', 'system']), move: z.string() });

const EVIDENCE = 'https://www.pagasa.dost.gov.ph/climate/monthly-rainfall';

export const MarketSchema = z
  .strictObject({
    id: idSchema('market'),
    slug: z.string(),
    title: z.string(),
    description: z.string(),
    category: z.enum(MARKET_CATEGORIES),
    channel: z.string(),
    status: z.enum(MARKET_STATUSES),
    closesAt: InstantSchema,
    createdAt: InstantSchema,
    createdBy: z.strictObject({ id: idSchema('user'), displayName: z.string() }),
    maxPointsPerUser: z.int(),
    poolPoints: z.int(),
    forecasts: z.int(),
    outcomes: z.array(OutcomeSchema),
    proposal: ProposalSchema.nullable(),
    challenge: z.strictObject({ reason: z.string(), challengedAt: InstantSchema }).nullable(),
    resolution: ResolutionSchema.nullable(),
    cancelReason: z.string().nullable(),
    next: MarketStepSchema,
    canChange: z.array(MarketMoveSchema),
    metadata: MarketMetadataSchema,
    settledAt: InstantSchema.nullable(),
    version: z.int(),
  })
  .openapi('Market', {
    example: {
      id: exampleId('market'),
      slug: 'will-manila-have-a-wetter-may-than-last-year',
      title: 'Will Manila have a wetter May than last year?',
      description: 'By the monthly rainfall that PAGASA reports for Port Area.',
      category: 'other',
      channel: 'pilimarket',
      status: 'proposed',
      closesAt: '2026-06-01T00:00:00.000Z',
      createdAt: '2026-03-01T12:00:00.000Z',
      createdBy: { id: exampleId('user'), displayName: 'Mo Moderator' },
      maxPointsPerUser: 10_000,
      poolPoints: 398,
      forecasts: 2,
      outcomes: [
        { id: exampleId('outcome'), name: 'Yes', totalPoints: 299, forecasts: 1, probability: 0.75 },
        {
          id: 'out_01k2v0w3st4g8yhtqw000n3khj',
          name: 'No',
          totalPoints: 99,
          forecasts: 1,
          probability: 0.25,
        },
      ],
      proposal: {
        outcomeId: exampleId('outcome'),
        evidenceUrls: [EVIDENCE],
        note: '212 mm this year, 164 mm last year.',
        proposedBy: exampleId('user'),
        proposedAt: '2026-06-03T08:00:00.000Z',
        challengeUntil: '2026-06-04T08:00:00.000Z',
      },
      challenge: null,
      resolution: null,
      cancelReason: null,
      next: {
        kind: 'resolve_as_proposed',
        at: '2026-06-04T08:00:00.000Z',
        text: 'An outcome is proposed. Unless a forecaster challenges it by then, it is final.',
      },
      canChange: [
        { by: 'forecaster', move: 'challenge' },
        { by: 'moderator', move: 'cancel' },
      ],
      metadata: { station: 'Port Area' },
      settledAt: null,
      version: 3,
    },
  });

/** The answer to everything that changes a market. */
export const MarketAnswerSchema = z.strictObject({ market: MarketSchema }).openapi('MarketAnswer');

export function toMarket(rows: MarketRows, now = new Date()): z.infer<typeof MarketSchema> {
  const { market, outcomes, creator, channel } = rows;
  const { status, ...explanation } = explain(rows, now);
  return {
    id: market.id,
    slug: market.slug,
    title: market.title,
    description: market.description,
    category: market.category,
    channel,
    status,
    closesAt: market.closesAt.toISOString(),
    createdAt: market.createdAt.toISOString(),
    createdBy: creator,
    maxPointsPerUser: market.maxPointsPerUser,
    ...toPool(outcomes),
    ...toDecisions(rows),
    ...explanation,
    metadata: MarketMetadataSchema.catch({}).parse(market.metadata),
    settledAt: market.settledAt?.toISOString() ?? null,
    version: market.version,
  };
}

/** A market's rows as its rules look at them. */
export function caseOf({ market, outcomes }: Pick<MarketRows, 'market' | 'outcomes'>): MarketCase {
  return {
    status: market.status,
    closesAt: market.closesAt.toISOString(),
    policy: market.policy,
    outcomeIds: outcomes.map(({ id }) => id),
    proposal: market.proposal ?? null,
    challenge: market.challenge ?? null,
    nextAction: { kind: market.nextActionKind, at: market.nextActionAt?.toISOString() ?? null },
  };
}

/** Where it stands at an instant, closed from the very one it closes on, and what comes next. */
export function explain(rows: MarketRows, now: Date): MarketExplanation & Pick<MarketCase, 'status'> {
  const { nextAction, ...market } = caseOf(rows);
  const status = statusAt({ nextAction, ...market }, now.toISOString());
  const returned = rows.market.payout?.kind === 'returned';
  return { status, ...explainMarket({ status, nextAction, returned }) };
}

/** The pool is what lies on its outcomes: placing a forecast writes nothing else. */
function toPool(outcomes: MarketRows['outcomes']) {
  const poolPoints = outcomes.reduce((sum, { totalPoints }) => sum + totalPoints, 0);
  return {
    poolPoints,
    forecasts: outcomes.reduce((sum, { forecasts }) => sum + forecasts, 0),
    outcomes: outcomes.map(({ id, name, totalPoints, forecasts }) => ({
      id,
      name,
      totalPoints,
      forecasts,
      probability: probabilityOf(totalPoints, poolPoints, outcomes.length),
    })),
  };
}

function toDecisions({ market, resolution }: MarketRows) {
  const { proposal, challenge, cancelReason } = market;
  return {
    proposal: proposal
      ? { ...proposal, evidenceUrls: [...proposal.evidenceUrls], challengeUntil: untilOf(market) }
      : null,
    challenge: challenge ? { reason: challenge.reason, challengedAt: challenge.challengedAt } : null,
    resolution: resolution && {
      outcomeId: resolution.outcomeId,
      evidenceUrls: [...resolution.evidenceUrls],
      note: resolution.note,
      proposedBy: resolution.proposedBy,
      decidedBy: resolution.decidedBy ?? null,
      resolvedAt: resolution.resolvedAt.toISOString(),
    },
    cancelReason: cancelReason ?? null,
  };
}

/** When the window to challenge ends, or ended. */
function untilOf({ proposal, policy }: Market): string {
  return new Date(Date.parse(proposal?.proposedAt ?? '') + policy.challengeWindowMs).toISOString();
}
