/** The timeline of a market: past facts, then what comes next, who can change it, and what the reader can do. */

import { z } from '@hono/zod-openapi';
import type { DomainEvent } from '../../db/entities/domain-event.entity.ts';
import type { MarketRows } from '../../db/repositories/markets.ts';
import { FACT_ACTOR_ROLES, factInWords, isFactType } from '../../domain/facts.ts';
import { type MarketViewer, movesOfViewer } from '../../domain/markets/explain.ts';
import { MARKET_STATUSES } from '../../domain/markets/market.ts';
import { exampleId, InstantSchema, idSchema } from '../schemas/values.ts';
import { explain, MarketMoveSchema, MarketStepSchema } from './market.ts';

const EntrySchema = z.strictObject({
  id: idSchema('event'),
  at: InstantSchema,
  type: z.string(),
  by: z.enum(FACT_ACTOR_ROLES),
  text: z.string(),
});

export const MarketTimelineSchema = z
  .strictObject({
    status: z.enum(MARKET_STATUSES),
    data: z.array(EntrySchema),
    nextCursor: z.string().nullable(),
    next: MarketStepSchema,
    canChange: z.array(MarketMoveSchema),
    /** What whoever reads this can do. */
    yourMoves: z.array(z.string()),
  })
  .openapi('MarketTimeline', {
    example: {
      status: 'open',
      data: [
        {
          id: exampleId('event'),
          at: '2026-03-01T12:00:00.000Z',
          type: 'market.created',
          by: 'moderator',
          text: 'The market is open for forecasts.',
        },
      ],
      nextCursor: null,
      next: { kind: 'close', at: '2026-06-01T00:00:00.000Z', text: 'Forecasts are placed until the market closes.' },
      canChange: [
        { by: 'forecaster', move: 'forecasts' },
        { by: 'moderator', move: 'suspend' },
        { by: 'moderator', move: 'cancel' },
      ],
      yourMoves: ['forecasts'],
    },
  });

/** `events`: the facts of one page, one more than `limit` when there is another. */
type TimelineRows = { rows: MarketRows; viewer: MarketViewer; events: readonly DomainEvent[]; limit: number };

export function toMarketTimeline({ rows, viewer, events, limit }: TimelineRows): z.infer<typeof MarketTimelineSchema> {
  const page = events.slice(0, limit);
  const last = events.length > limit ? page.at(-1) : undefined;
  const explanation = explain(rows, new Date());
  return {
    ...explanation,
    data: page.map(toEntry),
    nextCursor: last ? String(last.seq) : null,
    yourMoves: movesOfViewer(explanation, viewer),
  };
}

function toEntry({ id, at, type, actorRole, data }: DomainEvent): z.infer<typeof EntrySchema> {
  const { reason } = data;
  const text = isFactType(type) ? factInWords(type, typeof reason === 'string' ? reason : null) : type;
  return { id, at: at.toISOString(), type, by: actorRole, text };
}
