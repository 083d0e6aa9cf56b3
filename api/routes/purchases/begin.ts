/** POST /purchases: buys chips. One chip is one peso; chips never become money again. */

import { createRoute, z } from '@hono/zod-openapi';
import { recordSignal } from '../../../db/fraud/signals.ts';
import { derivedId } from '../../../db/new-id.ts';
import { findPurchase } from '../../../db/repositories/purchases.ts';
import { PAYMENT_PROVIDERS } from '../../../domain/policy/policy.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { idempotent } from '../../idempotency.ts';
import { requireUser } from '../../middleware/auth.ts';
import { BegunPurchaseSchema, toBegunPurchase } from '../../resources/purchase.ts';
import { accepted, bearer, idempotencyKeyParameter, json, jsonBody, problems } from '../../schemas/responses.ts';
import { SlugSchema } from '../../schemas/values.ts';
import { signalsOf } from '../../signals.ts';

/** Far above every limit of a channel, which answers with its own limits. */
const MAX_CHIPS = 1_000_000;
const CHANNEL = 'pilimarket';

const BeginPurchaseSchema = z
  .strictObject({
    chips: z.int().min(1).max(MAX_CHIPS),
    provider: z.enum(PAYMENT_PROVIDERS),
    channel: SlugSchema.default(CHANNEL),
  })
  .openapi('BeginPurchase', { example: { chips: 500, provider: 'gcash', channel: CHANNEL } });

const route = createRoute({
  method: 'post',
  path: '/purchases',
  tags: ['Purchases'],
  summary: 'Buy chips',
  description:
    'Repeat the request with the same key until it is answered: it is one purchase, however often it is sent.',
  security: bearer,
  middleware: requireUser,
  parameters: [idempotencyKeyParameter(true)],
  request: jsonBody(BeginPurchaseSchema),
  responses: {
    201: json(BegunPurchaseSchema, 'The purchase and how to pay it'),
    ...accepted,
    ...problems(400, 401, 404, 409, 413, 415, 422, 503),
  },
});

export const beginPurchaseEndpoint = endpoint(route, (c) => {
  const body = c.req.valid('json');
  return idempotent(c, body, { required: true }, async ({ key, requestHash, updateId }) => {
    const em = c.get('em');
    const userId = currentUser(c).id;
    // The key alone makes the id, so it means this purchase even after a crash or when the key's row is long gone.
    const purchaseId = derivedId('purchase', userId, 'POST /purchases', key);
    const input = { purchaseId, userId, ...body, requestHash, requestId: c.get('requestId') };
    await c.get('deps').gateway.beginPurchase(input, updateId);

    const purchase = await findPurchase(em, purchaseId);
    // Its workflow has ended without a purchase, and what it said is not known any more.
    if (!purchase) {
      throw new ApiError('idempotency_key_reused', { detail: 'This purchase was refused before; use a new key.' });
    }
    if (purchase.requestHash !== requestHash) throw new ApiError('idempotency_key_reused');
    await recordSignal(em, userId, 'purchase', signalsOf(c));
    return c.json(toBegunPurchase(purchase), 201, { Location: `/api/v1/purchases/${purchaseId}` });
  });
});
