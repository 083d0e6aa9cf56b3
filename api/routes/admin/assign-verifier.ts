/** POST /admin/authenticity/{id}/assign: who is to look at the goods; never a party of their order. */

import { createRoute, z } from '@hono/zod-openapi';
import { loadAuthenticity } from '../../../db/repositories/authenticity.ts';
import { findUserById } from '../../../db/repositories/users.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { requireAdmin } from '../../middleware/auth.ts';
import { bearer, idempotencyKeyParameter, jsonBody } from '../../schemas/responses.ts';
import { exampleId, idParams, idSchema } from '../../schemas/values.ts';
import { authenticityLocation, changeAuthenticity, changeResponses } from '../authenticity/change.ts';

const AssignSchema = z
  .strictObject({ verifierId: idSchema('user') })
  .openapi('AssignVerifier', { example: { verifierId: exampleId('user') } });

const route = createRoute({
  method: 'post',
  path: '/admin/authenticity/{id}/assign',
  tags: ['Administration'],
  summary: 'Assign a verifier',
  security: bearer,
  middleware: requireAdmin,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('escrow'), ...jsonBody(AssignSchema) },
  responses: changeResponses,
});

export const assignVerifierEndpoint = endpoint(route, async (c) => {
  const em = c.get('em');
  const { id: escrowId } = c.req.valid('param');
  const body = c.req.valid('json');
  const { verifierId } = body;
  if (!(await loadAuthenticity(em, escrowId))) throw new ApiError('authenticity_not_found');
  const verifier = await findUserById(em, verifierId);
  if (!verifier?.roles.includes('verifier') || verifier.status !== 'active') throw new ApiError('verifier_not_found');
  const command = { kind: 'assign', actor: { role: 'admin', id: currentUser(c).id }, verifierId } as const;
  return await changeAuthenticity(c, { escrowId, body, command, location: authenticityLocation(escrowId) });
});
