/** POST /admin/chargebacks/{id}/submit-evidence: the bank is told now, instead of shortly before it stops listening. */

import { createRoute } from '@hono/zod-openapi';
import { submitEvidenceUpdate } from '../../../workflows/chargeback/contract.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { idempotent } from '../../idempotency.ts';
import { requireAdmin } from '../../middleware/auth.ts';
import { ChargebackSchema, chargebackParams, toChargeback } from '../../resources/chargeback.ts';
import { accepted, bearer, emptyBody, idempotencyKeyParameter, json, problems } from '../../schemas/responses.ts';
import { requireChargeback } from './require-chargeback.ts';

const route = createRoute({
  method: 'post',
  path: '/admin/chargebacks/{id}/submit-evidence',
  tags: ['Administration'],
  summary: 'Send the evidence to the bank',
  description: 'Once: a bank reads once. Sent before, it answers as it was then.',
  security: bearer,
  middleware: requireAdmin,
  parameters: [idempotencyKeyParameter(false)],
  request: { params: chargebackParams, body: emptyBody },
  responses: {
    200: json(ChargebackSchema, 'The chargeback as it stands now'),
    ...accepted,
    ...problems(400, 401, 403, 404, 409, 415, 422, 503),
  },
});

export const submitChargebackEvidenceEndpoint = endpoint(route, async (c) => {
  const em = c.get('em');
  const { id } = c.req.valid('param');
  await requireChargeback(em, id);
  const adminId = currentUser(c).id;
  return await idempotent(c, {}, { required: false }, async ({ updateId }) => {
    await c.get('deps').gateway.updateChargeback(submitEvidenceUpdate, id, { adminId }, updateId);
    return c.json(toChargeback(await requireChargeback(em, id)), 200);
  });
});
