/** POST /orders: places an order. The start of an order's path through the engine. */

import { createRoute, z } from '@hono/zod-openapi';
import { derivedId } from '../../../db/new-id.ts';
import { loadOrder } from '../../../db/repositories/orders.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { idempotent } from '../../idempotency.ts';
import { requireUser } from '../../middleware/auth.ts';
import { PlacedOrderSchema, toPlacedOrder } from '../../resources/order.ts';
import { PaymentChoiceSchema } from '../../resources/payment.ts';
import { accepted, bearer, idempotencyKeyParameter, json, jsonBody, problems } from '../../schemas/responses.ts';
import { exampleId, idSchema, line } from '../../schemas/values.ts';

const MAX_LINES = 50;
const MAX_QUANTITY = 10_000;

const LineSchema = z.strictObject({ listingId: idSchema('listing'), quantity: z.int().min(1).max(MAX_QUANTITY) });

const ShippingAddressSchema = z
  .strictObject({
    name: line(200),
    line1: line(200),
    line2: line(200).optional(),
    city: line(100),
    postalCode: line(20),
    region: line(50).optional(),
    country: z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166 code of two letters'),
  })
  .openapi('ShippingAddress');

const PlaceOrderSchema = z
  .strictObject({
    lines: z.array(LineSchema).min(1).max(MAX_LINES),
    shippingAddress: ShippingAddressSchema.optional(),
    payment: PaymentChoiceSchema,
  })
  .openapi('PlaceOrder', {
    example: {
      lines: [{ listingId: exampleId('listing'), quantity: 2 }],
      shippingAddress: { name: 'Ada', line1: '1 Analytical Row', city: 'London', postalCode: 'N1 9GU', country: 'GB' },
      payment: { provider: 'stripe', method: 'card' },
    },
  });

const route = createRoute({
  method: 'post',
  path: '/orders',
  tags: ['Orders'],
  summary: 'Place an order',
  description: 'Repeat the request with the same key until it is answered: it is one order, however often it is sent.',
  security: bearer,
  middleware: requireUser,
  parameters: [idempotencyKeyParameter(true)],
  request: jsonBody(PlaceOrderSchema),
  responses: {
    201: json(PlacedOrderSchema, 'The order and how to pay it'),
    ...accepted,
    ...problems(400, 401, 404, 409, 413, 415, 422, 503),
  },
});

export const placeOrderEndpoint = endpoint(route, (c) => {
  const body = c.req.valid('json');
  return idempotent(c, body, { required: true }, async ({ key, requestHash, updateId }) => {
    const em = c.get('em');
    const buyerId = currentUser(c).id;
    // The key alone makes the id, so it means this order even after a crash or when the key's row is long gone.
    const orderId = derivedId('order', buyerId, 'POST /orders', key);
    const { payment, shippingAddress = null, lines } = body;
    const input = { orderId, buyerId, lines, shippingAddress, requestHash, requestId: c.get('requestId') };
    const choice = { provider: payment.provider, method: payment.method ?? null };
    await c.get('deps').gateway.placeOrder({ ...input, payment: choice }, updateId);

    const rows = await loadOrder(em, orderId);
    // Its workflow has ended without an order, and what it said is not known any more.
    if (!rows) throw new ApiError('order_not_open', { detail: 'This order was refused before; use a new key.' });
    if (rows.order.requestHash !== requestHash) throw new ApiError('idempotency_key_reused');
    return c.json(toPlacedOrder(rows), 201, { Location: `/api/v1/orders/${orderId}` });
  });
});
