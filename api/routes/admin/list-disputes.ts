/** GET /admin/disputes: what waits for those who decide, the nearest deadline first. */

import { createRoute, z } from '@hono/zod-openapi';
import { listDisputeQueue } from '../../../db/repositories/dispute-queue.ts';
import { DISPUTE_PHASES } from '../../../domain/disputes/dispute.ts';
import { PRESET_NAMES } from '../../../domain/policy/policy.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { requireReviewer } from '../../middleware/auth.ts';
import { DisputeSchema, toDispute } from '../../resources/dispute.ts';
import { pageOf, pageQuery, queryInt, toPage } from '../../schemas/pages.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';
import { InstantInputSchema, InstantSchema, MAX_AMOUNT_MINOR } from '../../schemas/values.ts';

const QuerySchema = z.strictObject({
  phase: z.enum(DISPUTE_PHASES).optional(),
  preset: z.enum(PRESET_NAMES).optional(),
  minMinor: queryInt(0, MAX_AMOUNT_MINOR).optional(),
  maxMinor: queryInt(0, MAX_AMOUNT_MINOR).optional(),
  dueBefore: InstantInputSchema.optional(),
  claimed: z.enum(['me', 'none', 'any']).default('any'),
  ...pageQuery,
});

const QueuedDisputeSchema = DisputeSchema.extend({
  preset: z.enum(PRESET_NAMES),
  /** When its phase began. */
  waitingSince: InstantSchema,
}).openapi('QueuedDispute');

const route = createRoute({
  method: 'get',
  path: '/admin/disputes',
  tags: ['Administration'],
  summary: 'List the disputes to decide',
  description: 'Open ones, unless a phase is named that ends them. Amounts are what is frozen.',
  security: bearer,
  middleware: requireReviewer,
  request: { query: QuerySchema },
  responses: { 200: json(pageOf(QueuedDisputeSchema), 'One page of disputes'), ...problems(401, 403, 422) },
});

export const listDisputeQueueEndpoint = endpoint(route, async (c) => {
  const { dueBefore, ...query } = c.req.valid('query');
  const due = dueBefore === undefined ? {} : { dueBefore: new Date(dueBefore) };
  const { rows, total } = await listDisputeQueue(c.get('em'), currentUser(c).id, { ...query, ...due });
  const data = rows.map((row) => ({
    ...toDispute(row, 'admin'),
    preset: row.dispute.preset,
    waitingSince: row.waitingSince.toISOString(),
  }));
  return c.json(toPage(data, query, total), 200);
});
