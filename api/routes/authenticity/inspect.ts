/** POST /authenticity/{id}/inspect: what the verifier found, with the condition as graded. */

import { createRoute, z } from '@hono/zod-openapi';
import { CONDITIONS, FINDINGS } from '../../../domain/authenticity/case.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { bearer, idempotencyKeyParameter, jsonBody } from '../../schemas/responses.ts';
import { idParams, MAX_AMOUNT_MINOR, text } from '../../schemas/values.ts';
import { handledAuthenticity } from './access.ts';
import { authenticityLocation, changeAuthenticity, changeResponses } from './change.ts';

const InspectSchema = z
  .strictObject({
    result: z.enum(FINDINGS),
    condition: z.enum(CONDITIONS).optional().openapi({ description: 'Of genuine goods, and only of those.' }),
    note: text(2_000).trim().min(1),
    lowerPriceMinor: z.int().min(1).max(MAX_AMOUNT_MINOR).optional().openapi({
      description:
        'With a mismatch: what the goods are worth as they are, below their price. Left out: no lower price.',
    }),
  })
  .openapi('InspectGoods', {
    example: { result: 'mismatch', condition: 'played', note: 'A crease at the lower edge', lowerPriceMinor: 4500 },
  });

const route = createRoute({
  method: 'post',
  path: '/authenticity/{id}/inspect',
  tags: ['Authenticity'],
  summary: 'Say what was found',
  security: bearer,
  middleware: requireUser,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('escrow'), ...jsonBody(InspectSchema) },
  responses: changeResponses,
});

export const inspectGoodsEndpoint = endpoint(route, async (c) => {
  const { id: escrowId } = c.req.valid('param');
  const body = c.req.valid('json');
  const { actor } = await handledAuthenticity(c.get('em'), escrowId, currentUser(c));
  const { result: finding, condition = null, note, lowerPriceMinor = null } = body;
  const command = { kind: 'inspect', actor, finding, condition, note, lowerPriceMinor } as const;
  return await changeAuthenticity(c, { escrowId, body, command, location: authenticityLocation(escrowId) });
});
