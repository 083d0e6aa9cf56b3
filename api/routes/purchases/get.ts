/** GET /purchases/{id}: a purchase with its payment and, once it is paid, its receipt. */

import { createRoute } from '@hono/zod-openapi';
import { findUserById } from '../../../db/repositories/users.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { PurchaseWithReceiptSchema, toPurchaseWithReceipt } from '../../resources/purchase.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';
import { visiblePurchase } from './access.ts';

const route = createRoute({
  method: 'get',
  path: '/purchases/{id}',
  tags: ['Purchases'],
  summary: 'Show a purchase and its receipt',
  security: bearer,
  middleware: requireUser,
  request: { params: idParams('purchase') },
  responses: { 200: json(PurchaseWithReceiptSchema, 'The purchase'), ...problems(401, 404) },
});

export const getPurchaseEndpoint = endpoint(route, async (c) => {
  const em = c.get('em');
  const purchase = await visiblePurchase(em, c.req.valid('param').id, currentUser(c));
  const buyer = await findUserById(em, purchase.userId);
  return c.json(toPurchaseWithReceipt(purchase, buyer?.displayName ?? ''), 200);
});
