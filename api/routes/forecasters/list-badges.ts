/** GET /badges: every badge there is, with the rule that earns it. */

import { createRoute, z } from '@hono/zod-openapi';
import { BADGE_RULES } from '../../../domain/forecasters/badges.ts';
import { endpoint } from '../../endpoint.ts';
import { publicCache } from '../../middleware/public-cache.ts';
import { json } from '../../schemas/responses.ts';

const BoundSchema = z.strictObject({
  metric: z.string(),
  atLeast: z.number().optional(),
  atMost: z.number().optional(),
});

const BadgeRuleSchema = z
  .strictObject({
    badge: z.string(),
    title: z.string(),
    reason: z.string(),
    /** All of them hold. */
    when: z.array(BoundSchema),
  })
  .openapi('BadgeRule', {
    example: {
      badge: 'wins_10',
      title: 'Ten wins',
      reason: 'Ten forecasts came true.',
      when: [{ metric: 'won', atLeast: 10 }],
    },
  });

const route = createRoute({
  method: 'get',
  path: '/badges',
  tags: ['People'],
  summary: 'List the badges and what earns them',
  middleware: publicCache,
  responses: {
    200: json(z.strictObject({ data: z.array(BadgeRuleSchema) }).openapi('BadgeRules'), 'All badges'),
  },
});

export const listBadgesEndpoint = endpoint(route, (c) =>
  c.json(
    { data: BADGE_RULES.map(({ when, ...rule }) => ({ ...rule, when: when.map((bound) => ({ ...bound })) })) },
    200,
  ),
);
