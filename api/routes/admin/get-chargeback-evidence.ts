/** GET /admin/chargebacks/{id}/evidence and /evidence.pdf: what the bank was told, or would be told now. */

import { createRoute, z } from '@hono/zod-openapi';
import { renderEvidence } from '../../documents/evidence-pdf.ts';
import { endpoint } from '../../endpoint.ts';
import { requireAdmin } from '../../middleware/auth.ts';
import { chargebackParams } from '../../resources/chargeback.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';
import { evidenceOf } from './require-chargeback.ts';

/** As `EvidencePacket` of the domain has it: kept and shown as it was sent, whatever its format. */
const EvidencePacketSchema = z.looseObject({ format: z.literal(1) }).openapi('EvidencePacket');

const common = {
  tags: ['Administration'],
  security: bearer,
  middleware: requireAdmin,
  request: { params: chargebackParams },
};

const jsonRoute = createRoute({
  ...common,
  method: 'get',
  path: '/admin/chargebacks/{id}/evidence',
  summary: 'Show the evidence for a bank',
  description: 'Timeline, shipping, access log, messages, hashes of files, and the terms of the deal.',
  responses: { 200: json(EvidencePacketSchema, 'What was recorded about the deal'), ...problems(401, 403, 404) },
});

const pdfRoute = createRoute({
  ...common,
  method: 'get',
  path: '/admin/chargebacks/{id}/evidence.pdf',
  summary: 'Download the evidence for a bank',
  responses: {
    200: {
      description: 'The same as a document',
      content: { 'application/pdf': { schema: { type: 'string', format: 'binary' } } },
    },
    ...problems(401, 403, 404),
  },
});

export const getChargebackEvidenceEndpoint = endpoint(jsonRoute, async (c) =>
  c.json(await evidenceOf(c.get('em'), c.req.valid('param').id), 200),
);

export const getChargebackEvidencePdfEndpoint = endpoint(pdfRoute, async (c) => {
  const { id } = c.req.valid('param');
  const bytes = await renderEvidence(await evidenceOf(c.get('em'), id));
  return c.body(bytes, 200, {
    'Content-Type': 'application/pdf',
    'Content-Disposition': `attachment; filename="evidence-${id}.pdf"`,
    'Content-Length': String(bytes.length),
  });
});
