/** POST /vendor-orders/{id}/disputes: the buyer contests units of lines; only their share of the hold freezes. */

import { createRoute, z } from '@hono/zod-openapi';
import type { EntityManager } from '@mikro-orm/postgresql';
import { derivedId } from '../../../db/new-id.ts';
import { keepStatement } from '../../../db/repositories/dispute-entries.ts';
import { findContestedUnits, findDispute } from '../../../db/repositories/disputes.ts';
import type { VendorOrderRows } from '../../../db/repositories/vendor-orders.ts';
import { DISPUTE_REASONS } from '../../../domain/disputes/dispute.ts';
import { openDisputeUpdate } from '../../../workflows/escrow/contract.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { idempotent } from '../../idempotency.ts';
import { requireUser } from '../../middleware/auth.ts';
import { DisputeAnswerSchema, toDispute } from '../../resources/dispute.ts';
import { accepted, bearer, idempotencyKeyParameter, json, jsonBody, problems } from '../../schemas/responses.ts';
import { exampleId, idParams, idSchema, statement } from '../../schemas/values.ts';
import { visibleDispute } from '../disputes/access.ts';
import { visibleVendorOrder } from './access.ts';

const MAX_LINES = 50;
/** Above any quantity of a line; the rules say what is in range. */
const MAX_QUANTITY = 1_000_000_000;

const LineSchema = z.strictObject({
  itemId: idSchema('orderItem'),
  quantity: z.int().min(-MAX_QUANTITY).max(MAX_QUANTITY).optional(),
});

const OpenDisputeSchema = z
  .strictObject({
    /** None: all that can still be contested. Without a quantity: all of the line that can be. */
    lines: z.array(LineSchema).min(1).max(MAX_LINES).optional(),
    reason: z.enum(DISPUTE_REASONS).exclude(['chargeback']),
    description: statement(4_000),
  })
  .openapi('OpenDispute', {
    example: {
      lines: [{ itemId: exampleId('orderItem'), quantity: 1 }],
      reason: 'damaged',
      description: 'One of the two mugs came in pieces.',
    },
  });

const route = createRoute({
  method: 'post',
  path: '/vendor-orders/{id}/disputes',
  tags: ['Disputes'],
  summary: 'Open a dispute',
  description:
    'Only the contested part freezes; the rest is released on time. Two disputes may be open on different lines.',
  security: bearer,
  middleware: requireUser,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: idParams('vendorOrder'), ...jsonBody(OpenDisputeSchema) },
  responses: {
    201: json(DisputeAnswerSchema, 'The dispute'),
    ...accepted,
    ...problems(400, 401, 403, 404, 409, 415, 422, 503),
  },
});

export const openDisputeEndpoint = endpoint(route, async (c) => {
  const em = c.get('em');
  const { id } = c.req.valid('param');
  const body = c.req.valid('json');
  const user = currentUser(c);
  const { actor, ...rows } = await visibleVendorOrder(em, id, user);
  if (actor.role !== 'buyer') throw new ApiError('forbidden');
  return await idempotent(c, body, { required: false }, async ({ key, updateId }) => {
    const { reason, description } = body;
    // The key alone makes the id, so it means this dispute even after a crash or when the key's row is long gone.
    const disputeId = derivedId('dispute', user.id, 'POST /vendor-orders/{id}/disputes', id, key);
    const before = await findDispute(em, disputeId);
    if (before && (before.reason !== reason || before.description !== description)) {
      throw new ApiError('idempotency_key_reused');
    }
    // Not paid (any more): there is no hold to contest.
    if (!rows.escrow) throw new ApiError('illegal_transition');
    const lines = before ? [] : await toLines(em, rows, body.lines ?? []);
    await c
      .get('deps')
      .gateway.updateEscrow(
        openDisputeUpdate,
        rows.escrow.id,
        { disputeId, actor, reason, description, lines },
        updateId,
        { refusal: 'dispute_window_closed', location: `/api/v1/disputes/${disputeId}` },
      );
    const author = { role: 'buyer' as const, id: user.id };
    const message = { id: derivedId('message', disputeId, 'opened'), disputeId, author, body: description };
    await keepStatement(em, message, 'seller_response');
    const dispute = await visibleDispute(em, disputeId, user);
    return c.json({ dispute: toDispute(dispute, 'buyer') }, 201, { Location: `/api/v1/disputes/${disputeId}` });
  });
});

type NamedLine = { itemId: string; quantity?: number | undefined };

/** Each line with a quantity: where none is named, what was not contested yet (all of it where all was, to be refused). */
async function toLines(
  em: EntityManager,
  { vendorOrder, items }: Pick<VendorOrderRows, 'vendorOrder' | 'items'>,
  named: readonly NamedLine[],
): Promise<{ itemId: string; quantity: number }[]> {
  const contested = await findContestedUnits(em, vendorOrder.id);
  return named.map(({ itemId, quantity }) => {
    const whole = items.find((item) => item.id === itemId)?.quantity ?? 1;
    const left = whole - (contested.get(itemId) ?? 0);
    return { itemId, quantity: quantity ?? (left > 0 ? left : whole) };
  });
}
