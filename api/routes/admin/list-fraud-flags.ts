/** GET /admin/fraud-flags: what looks like cheating, open and severe ones first. */

import { createRoute, z } from '@hono/zod-openapi';
import { listFlags } from '../../../db/fraud/reviews.ts';
import { FLAG_STATUSES } from '../../../domain/fraud/review.ts';
import { FRAUD_RULE_CODES, FRAUD_SEVERITIES } from '../../../domain/fraud/rules.ts';
import { endpoint } from '../../endpoint.ts';
import { requireModerator } from '../../middleware/auth.ts';
import { FraudFlagSchema, toFraudFlag } from '../../resources/fraud-flag.ts';
import { pageOf, pageQuery, toPage } from '../../schemas/pages.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';
import { idSchema } from '../../schemas/values.ts';

const route = createRoute({
  method: 'get',
  path: '/admin/fraud-flags',
  tags: ['Moderation'],
  summary: 'List fraud flags',
  security: bearer,
  middleware: requireModerator,
  request: {
    query: z.strictObject({
      status: z.enum(FLAG_STATUSES).optional(),
      rule: z.enum(FRAUD_RULE_CODES).optional(),
      severity: z.enum(FRAUD_SEVERITIES).optional(),
      userId: idSchema('user').optional(),
      ...pageQuery,
    }),
  },
  responses: { 200: json(pageOf(FraudFlagSchema), 'One page of flags'), ...problems(401, 403, 422) },
});

export const listFraudFlagsEndpoint = endpoint(route, async (c) => {
  const query = c.req.valid('query');
  const { rows, total } = await listFlags(c.get('em'), query);
  return c.json(toPage(rows.map(toFraudFlag), query, total), 200);
});
