/** POST /orders/{id}/payments: another attempt to pay, maybe in another way; the one before it is cancelled first. */

import { createRoute } from '@hono/zod-openapi';
import { retryPaymentUpdate } from '../../../workflows/order/contract.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { idempotent } from '../../idempotency.ts';
import { requireUser } from '../../middleware/auth.ts';
import { PlacedOrderSchema, toPlacedOrder } from '../../resources/order.ts';
import { PaymentChoiceSchema } from '../../resources/payment.ts';
import { accepted, bearer, idempotencyKeyParameter, json, jsonBody, problems } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';
import { reloadOrder, visibleOrder } from './access.ts';

const route = createRoute({
  method: 'post',
  path: '/orders/{id}/payments',
  tags: ['Orders'],
  summary: 'Try to pay again',
  security: bearer,
  middleware: requireUser,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('order'), ...jsonBody(PaymentChoiceSchema) },
  responses: {
    201: json(PlacedOrderSchema, 'The order and how to pay it'),
    ...accepted,
    ...problems(400, 401, 403, 404, 409, 415, 422, 503),
  },
});

export const payOrderEndpoint = endpoint(route, async (c) => {
  const em = c.get('em');
  const { id } = c.req.valid('param');
  const body = c.req.valid('json');
  const { actor } = await visibleOrder(em, id, currentUser(c));
  if (actor.role !== 'buyer') throw new ApiError('forbidden');
  return await idempotent(c, body, { required: false }, async ({ updateId }) => {
    const choice = { provider: body.provider, method: body.method ?? null };
    await c.get('deps').gateway.updateOrder(retryPaymentUpdate, id, { ...choice, actor }, updateId);
    return c.json(toPlacedOrder(await reloadOrder(em, id)), 201);
  });
});
