/** POST /admin/disputes/{id}/verdict: a reviewer decides; after an appeal, somebody else decides again, for good. */

import { createRoute, z } from '@hono/zod-openapi';
import type { Decision } from '../../../domain/disputes/dispute.ts';
import { DISPUTE_OUTCOMES } from '../../../domain/policy/policy.ts';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { bearer, idempotencyKeyParameter, jsonBody } from '../../schemas/responses.ts';
import { idParams, statement } from '../../schemas/values.ts';
import { changeResponses } from '../disputes/command.ts';
import { reviewDispute } from './review-dispute.ts';

const VerdictSchema = z
  .strictObject({
    outcome: z.enum(DISPUTE_OUTCOMES),
    /** What the buyer gets of a split. */
    buyerMinor: z.int().optional(),
    /** A refund once the goods are sent back. */
    returnGoods: z.boolean().optional(),
    /** Shown to both parties. */
    note: statement(4_000),
  })
  .refine(({ outcome, buyerMinor }) => (outcome === 'split') === (buyerMinor !== undefined), {
    path: ['buyerMinor'],
    error: 'goes with a split, and only with one',
  })
  .refine(({ outcome, returnGoods }) => outcome === 'refund' || returnGoods === undefined, {
    path: ['returnGoods'],
    error: 'goes with a refund only',
  })
  .openapi('DisputeVerdict', {
    example: { outcome: 'split', buyerMinor: 1500, note: 'The mug can still be used; half of its price is fair.' },
  });

const route = createRoute({
  method: 'post',
  path: '/admin/disputes/{id}/verdict',
  tags: ['Administration'],
  summary: 'Decide a dispute',
  description:
    'In the phase `review` this decides about the appeal, and must come from somebody else than the verdict.',
  security: bearer,
  middleware: requireUser,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('dispute'), ...jsonBody(VerdictSchema) },
  responses: changeResponses,
});

export const decideDisputeEndpoint = endpoint(route, (c) => {
  const body = c.req.valid('json');
  const { note } = body;
  const decision = toDecision(body);
  return reviewDispute(c, {
    id: c.req.valid('param').id,
    body,
    toCommand: ({ actor, dispute }) => {
      const kind = dispute.phase === 'review' ? 'reviewVerdict' : 'verdict';
      return { kind, actor, decision, note };
    },
    statement: note,
  });
});

function toDecision({ outcome, buyerMinor, returnGoods }: z.infer<typeof VerdictSchema>): Decision {
  if (outcome === 'split') return { outcome, buyerMinor: buyerMinor ?? 0 };
  return outcome === 'refund' && returnGoods === true ? { outcome, returnGoods } : { outcome };
}
