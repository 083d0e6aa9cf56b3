/** GET /escrows/{id}: how much is held, until when and what happens next, for the parties. */

import { createRoute } from '@hono/zod-openapi';
import { loadEscrow } from '../../../db/repositories/escrows.ts';
import { currentUser, isAdmin } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { requireUser } from '../../middleware/auth.ts';
import { EscrowSchema, toEscrow } from '../../resources/escrow.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';

const route = createRoute({
  method: 'get',
  path: '/escrows/{id}',
  tags: ['Escrows'],
  summary: 'Show an escrow',
  security: bearer,
  middleware: requireUser,
  request: { params: idParams('escrow') },
  responses: { 200: json(EscrowSchema, 'The escrow'), ...problems(401, 404) },
});

export const getEscrowEndpoint = endpoint(route, async (c) => {
  const user = currentUser(c);
  const found = await loadEscrow(c.get('em'), c.req.valid('param').id);
  const mine = found && (found.escrow.buyerId === user.id || found.escrow.sellerId === user.id || isAdmin(user));
  if (!mine) throw new ApiError('escrow_not_found');
  return c.json(toEscrow(found.escrow, found.disputes), 200);
});
