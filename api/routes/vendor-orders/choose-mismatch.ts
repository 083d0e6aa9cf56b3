/** POST /vendor-orders/{id}/mismatch: the buyer says what becomes of genuine goods that are not as described. */

import { createRoute, z } from '@hono/zod-openapi';
import { loadAuthenticity } from '../../../db/repositories/authenticity.ts';
import { MISMATCH_CHOICES } from '../../../domain/authenticity/case.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { requireUser } from '../../middleware/auth.ts';
import { bearer, idempotencyKeyParameter, jsonBody } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';
import { changeAuthenticity, changeResponses } from '../authenticity/change.ts';
import { visibleVendorOrder } from './access.ts';

const MismatchSchema = z
  .strictObject({ choice: z.enum(MISMATCH_CHOICES) })
  .openapi('MismatchChoice', { example: { choice: 'lower_price' } });

const route = createRoute({
  method: 'post',
  path: '/vendor-orders/{id}/mismatch',
  tags: ['Vendor orders'],
  summary: 'Choose what becomes of goods that are not as described',
  security: bearer,
  middleware: requireUser,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('vendorOrder'), ...jsonBody(MismatchSchema) },
  responses: changeResponses,
});

export const chooseMismatchEndpoint = endpoint(route, async (c) => {
  const em = c.get('em');
  const { id } = c.req.valid('param');
  const body = c.req.valid('json');
  const { vendorOrder, actor } = await visibleVendorOrder(em, id, currentUser(c));
  if (actor.role !== 'buyer') throw new ApiError('forbidden');
  const { authenticity, escrowId } = vendorOrder;
  if (!authenticity) throw new ApiError('authenticity_not_requested');
  if (!(await loadAuthenticity(em, escrowId))) throw new ApiError('not_your_turn');
  const command = { kind: 'choose', actor, choice: body.choice } as const;
  const location = `/api/v1/vendor-orders/${id}/authenticity`;
  return await changeAuthenticity(c, { escrowId, body, command, location });
});
