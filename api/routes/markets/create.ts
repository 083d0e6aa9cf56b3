/** POST /markets: a moderator asks a question that people can forecast on. */

import { createRoute, z } from '@hono/zod-openapi';
import { derivedId } from '../../../db/new-id.ts';
import { loadMarket } from '../../../db/repositories/markets.ts';
import { DAY_MS, MINUTE_MS } from '../../../domain/durations.ts';
import { MARKET_CATEGORIES } from '../../../domain/markets/market.ts';
import type { MarketInput } from '../../../workflows/market/contract.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { idempotent } from '../../idempotency.ts';
import { requireModerator } from '../../middleware/auth.ts';
import { MarketMetadataSchema, MarketSchema, toMarket } from '../../resources/market.ts';
import { accepted, bearer, idempotencyKeyParameter, json, jsonBody, problems } from '../../schemas/responses.ts';
import { InstantInputSchema, line, SlugSchema, text } from '../../schemas/values.ts';

/** No channel offers more; how many it does offer, its policy says. */
const MOST_OUTCOMES = 100;
const MOST_POINTS = 1_000_000;
const LONGEST_WINDOW_MS = 90 * DAY_MS;
const FARTHEST_CLOSING_MS = 366 * DAY_MS;

const OutcomesSchema = z
  .array(line(80))
  .min(2)
  .max(MOST_OUTCOMES)
  .refine(
    (names) => new Set(names.map((name) => name.toLowerCase())).size === names.length,
    'each outcome has a name of its own',
  );

const ClosesAtSchema = InstantInputSchema.refine(
  (instant) => !(Date.parse(instant) > Date.now() + FARTHEST_CLOSING_MS),
  'must be within a year',
);

/** What this market has otherwise than its channel. */
const OverridesSchema = z.strictObject({
  challengeWindowMs: z.int().min(0).max(LONGEST_WINDOW_MS).optional(),
  resolveByMs: z.int().min(MINUTE_MS).max(LONGEST_WINDOW_MS).optional(),
});

const CreateMarketSchema = z
  .strictObject({
    title: line(200).refine((title) => title.length >= 8, 'must have at least 8 characters'),
    description: text(10_000).trim().default(''),
    channel: SlugSchema.default('pilimarket'),
    category: z.enum(MARKET_CATEGORIES),
    outcomes: OutcomesSchema,
    closesAt: ClosesAtSchema,
    maxPointsPerUser: z.int().min(1).max(MOST_POINTS).optional(),
    policy: OverridesSchema.default({}),
    metadata: MarketMetadataSchema.default({}),
  })
  .openapi('CreateMarket', {
    example: {
      title: 'Will Manila have a wetter May than last year?',
      description: 'By the monthly rainfall that PAGASA reports for Port Area.',
      channel: 'pilimarket',
      category: 'other',
      outcomes: ['Yes', 'No'],
      closesAt: '2026-06-01T00:00:00Z',
      maxPointsPerUser: 500,
      policy: { challengeWindowMs: DAY_MS },
      metadata: { station: 'Port Area' },
    },
  });

const route = createRoute({
  method: 'post',
  path: '/markets',
  tags: ['Markets'],
  summary: 'Create a market',
  description:
    'For moderators and administrators. Repeat the request with the same key until it is answered: it is one market.',
  security: bearer,
  middleware: requireModerator,
  parameters: [idempotencyKeyParameter(true)],
  request: jsonBody(CreateMarketSchema),
  responses: {
    201: json(MarketSchema, 'The market, open for forecasts'),
    ...accepted,
    ...problems(400, 401, 403, 404, 409, 413, 415, 422, 503),
  },
});

export const createMarketEndpoint = endpoint(route, (c) => {
  const body = c.req.valid('json');
  return idempotent(c, body, { required: true }, async ({ key, requestHash, updateId }) => {
    const createdBy = currentUser(c).id;
    // The key alone makes the id, so it means this market even after a crash or when the key's row is long gone.
    const marketId = derivedId('market', createdBy, 'POST /markets', key);
    const request = { marketId, createdBy, requestHash, requestId: c.get('requestId') };
    await c.get('deps').gateway.createMarket({ ...request, ...toInput(body) }, updateId);

    const rows = await loadMarket(c.get('em'), marketId);
    // Its workflow has ended without a market, and what it said is not known any more.
    if (!rows) throw new ApiError('market_over', { detail: 'This market was refused before; use a new key.' });
    if (rows.market.requestHash !== requestHash) throw new ApiError('idempotency_key_reused');
    return c.json(toMarket(rows), 201, { Location: `/api/v1/markets/${marketId}` });
  });
});

function toInput({ policy, closesAt, maxPointsPerUser, ...question }: z.infer<typeof CreateMarketSchema>) {
  const { challengeWindowMs, resolveByMs } = policy;
  const overrides: MarketInput['overrides'] = {
    ...(challengeWindowMs !== undefined && { challengeWindowMs }),
    ...(resolveByMs !== undefined && { resolveByMs }),
  };
  const instant = new Date(closesAt).toISOString();
  return { ...question, closesAt: instant, maxPointsPerUser: maxPointsPerUser ?? null, overrides };
}
