/** POST /admin/sellers/{userId}/write-offs: the platform gives up what a seller owes it, or a part of it. */

import { createRoute, z } from '@hono/zod-openapi';
import { derivedId } from '../../../db/new-id.ts';
import { findUserById } from '../../../db/repositories/users.ts';
import { writeOff } from '../../../db/repositories/write-offs.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { idempotent } from '../../idempotency.ts';
import { requireAdmin } from '../../middleware/auth.ts';
import { bearer, idempotencyKeyParameter, json, jsonBody, problems } from '../../schemas/responses.ts';
import { CurrencySchema, exampleId, idSchema, line, MAX_AMOUNT_MINOR, MoneySchema } from '../../schemas/values.ts';

const RequestSchema = z
  .strictObject({ currency: CurrencySchema, amountMinor: z.int().min(1).max(MAX_AMOUNT_MINOR), reason: line(500) })
  .openapi('NewWriteOff', { example: { currency: 'USD', amountMinor: 600, reason: 'The shop has closed for good' } });

const WriteOffSchema = z
  .strictObject({ sellerId: idSchema('user'), writtenOff: MoneySchema, owed: MoneySchema, reason: z.string() })
  .openapi('WriteOff', {
    example: {
      sellerId: exampleId('user'),
      writtenOff: { amountMinor: 600, currency: 'USD' },
      owed: { amountMinor: 0, currency: 'USD' },
      reason: 'The shop has closed for good',
    },
  });

const route = createRoute({
  method: 'post',
  path: '/admin/sellers/{userId}/write-offs',
  tags: ['Administration'],
  summary: 'Write off what a seller owes',
  security: bearer,
  middleware: requireAdmin,
  parameters: [idempotencyKeyParameter(true)],
  request: { params: z.object({ userId: idSchema('user') }), ...jsonBody(RequestSchema) },
  responses: {
    201: json(WriteOffSchema, 'What was given up, and what is still owed'),
    ...problems(400, 401, 403, 404, 409, 415, 422),
  },
});

export const writeOffEndpoint = endpoint(route, async (c) => {
  const em = c.get('em');
  const { userId: sellerId } = c.req.valid('param');
  const body = c.req.valid('json');
  if (!(await findUserById(em, sellerId))) throw new ApiError('not_found');
  const adminId = currentUser(c).id;
  return await idempotent(c, body, { required: true }, async ({ updateId }) => {
    const written = await writeOff(em, { id: derivedId('event', 'write-off', updateId), adminId, sellerId, ...body });
    if ('refused' in written) throw new ApiError(written.refused.code, { detail: written.refused.message });
    const { amountMinor, currency, reason } = body;
    const money = (minor: number) => ({ amountMinor: minor, currency });
    return c.json({ sellerId, writtenOff: money(amountMinor), owed: money(written.owedMinor), reason }, 201);
  });
});
