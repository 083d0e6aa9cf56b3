/** POST /orders/{id}/cancel: before payment the order ends; after it, every part not yet in preparation is refunded. */

import { createRoute, z } from '@hono/zod-openapi';
import { cancelEscrowUpdate } from '../../../workflows/escrow/contract.ts';
import { cancelOrderUpdate } from '../../../workflows/order/contract.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { idempotent } from '../../idempotency.ts';
import { requireUser } from '../../middleware/auth.ts';
import { restMinorOf } from '../../resources/hold.ts';
import { OrderWithPaymentSchema, toOrderWithPayment } from '../../resources/order.ts';
import { accepted, bearer, idempotencyKeyParameter, json, problems } from '../../schemas/responses.ts';
import { idParams, line } from '../../schemas/values.ts';
import { reloadOrder, visibleOrder } from './access.ts';

const CancelOrderSchema = z
  .strictObject({ reason: line(500).optional() })
  .openapi('CancelOrder', { example: { reason: 'Ordered the wrong size' } });

const route = createRoute({
  method: 'post',
  path: '/orders/{id}/cancel',
  tags: ['Orders'],
  summary: 'Cancel an order',
  security: bearer,
  middleware: requireUser,
  parameters: [idempotencyKeyParameter(false)],
  request: {
    params: idParams('order'),
    body: { required: false, content: { 'application/json': { schema: CancelOrderSchema } } },
  },
  responses: {
    200: json(OrderWithPaymentSchema, 'The order as it stands now'),
    ...accepted,
    ...problems(400, 401, 404, 409, 415, 422, 503),
  },
});

const DEFAULT_REASON = 'cancelled by the buyer';

export const cancelOrderEndpoint = endpoint(route, async (c) => {
  const em = c.get('em');
  const { id } = c.req.valid('param');
  const body = c.req.valid('json');
  const { actor } = await visibleOrder(em, id, currentUser(c));
  return await idempotent(c, body, { required: false }, async ({ updateId }) => {
    const { gateway } = c.get('deps');
    const reason = body.reason ?? DEFAULT_REASON;
    const { order, vendorOrders, escrows } = await reloadOrder(em, id);
    if (order.status === 'created' || order.status === 'pending_payment') {
      await gateway.updateOrder(cancelOrderUpdate, id, { actor, reason }, updateId);
    } else {
      // A part that is refunded already (by its seller, or by this request before it broke off) does not stand in the way.
      const open = vendorOrders
        .map(({ escrowId, status }) => {
          // What is contested stays with its dispute: it is the rest of the hold that is cancelled.
          const escrow = escrows.find((each) => each.id === escrowId);
          return { escrowId, status: escrow?.phase ?? status, isContested: escrow ? restMinorOf(escrow) === 0 : false };
        })
        .filter(({ status }) => status !== 'refunding' && status !== 'refunded');
      if (open.length === 0 || open.some(({ status }) => status !== 'held'))
        throw new ApiError('order_not_cancellable');
      if (open.some(({ isContested }) => isContested)) throw new ApiError('hold_disputed');
      for (const { escrowId } of open) {
        await gateway.updateEscrow(cancelEscrowUpdate, escrowId, { actor, reason }, updateId);
      }
    }
    return c.json(toOrderWithPayment(await reloadOrder(em, id)), 200);
  });
});
