/** POST /vendor-orders/{id}/access: the buyer opens paid digital goods; the first time starts the clock of their hold. */

import { createRoute, z } from '@hono/zod-openapi';
import { derivedId } from '../../../db/new-id.ts';
import { findDigitalContents } from '../../../db/repositories/vendor-orders.ts';
import type { VendorOrderStatus } from '../../../domain/escrow.ts';
import { digitalAccessedSignal } from '../../../workflows/escrow/contract.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { requireUser } from '../../middleware/auth.ts';
import { accepted, bearer, emptyBody, idempotencyKeyParameter, json, problems } from '../../schemas/responses.ts';
import { exampleId, idParams, idSchema } from '../../schemas/values.ts';
import { visibleVendorOrder } from './access.ts';

const DigitalGoodsSchema = z
  .strictObject({
    data: z.array(z.strictObject({ itemId: idSchema('orderItem'), title: z.string(), content: z.string().nullable() })),
  })
  .openapi('DigitalGoods', {
    example: {
      data: [{ itemId: exampleId('orderItem'), title: 'Field recordings, vol. 2', content: 'Licence ABCD-1234' }],
    },
  });

const route = createRoute({
  method: 'post',
  path: '/vendor-orders/{id}/access',
  tags: ['Vendor orders'],
  summary: 'Open digital goods',
  description: 'May be repeated: it always gives the same goods, and only the first time counts.',
  security: bearer,
  middleware: requireUser,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('vendorOrder'), body: emptyBody },
  responses: {
    200: json(DigitalGoodsSchema, 'What was bought'),
    ...accepted,
    ...problems(400, 401, 403, 404, 409, 415, 422, 503),
  },
});

/** Not paid yet, or paid back: no goods. */
const WITHOUT_GOODS: readonly VendorOrderStatus[] = [
  'pending_payment',
  'cancelled',
  'expired',
  'refunding',
  'refunded',
];

export const accessGoodsEndpoint = endpoint(route, async (c) => {
  const em = c.get('em');
  const { vendorOrder, items, escrow, actor } = await visibleVendorOrder(em, c.req.valid('param').id, currentUser(c));
  if (actor.role !== 'buyer') throw new ApiError('forbidden');
  if (vendorOrder.fulfilment !== 'digital') throw new ApiError('not_digital');
  if (WITHOUT_GOODS.includes(vendorOrder.status)) throw new ApiError('illegal_transition');
  if (!escrow?.accessedAt) {
    // One fact however often it is told: the event id follows from what was opened.
    const accessed = { eventId: derivedId('event', 'digital-accessed', vendorOrder.id), at: new Date().toISOString() };
    await c.get('deps').gateway.signalEscrow(digitalAccessedSignal, vendorOrder.escrowId, accessed);
  }
  const contents = await findDigitalContents(
    em,
    items.map((item) => item.productId),
  );
  const data = items.map((item) => ({
    itemId: item.id,
    title: item.title,
    content: contents.get(item.productId) ?? null,
  }));
  return c.json({ data }, 200);
});
