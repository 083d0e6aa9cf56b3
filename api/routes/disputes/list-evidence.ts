/** GET /disputes/{id}/evidence: the files of a dispute, and the seals of its phases that have ended. */

import { createRoute } from '@hono/zod-openapi';
import { listEvidence } from '../../../db/repositories/dispute-file.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { EvidenceListSchema, toEvidence, toSeal } from '../../resources/dispute-file.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';
import { visibleDispute } from './access.ts';

const route = createRoute({
  method: 'get',
  path: '/disputes/{id}/evidence',
  tags: ['Disputes'],
  summary: 'List the evidence and its seals',
  description:
    'Each seal is the SHA-256 of its manifest, which names the files of one phase by their SHA-256 and the seal before.',
  security: bearer,
  middleware: requireUser,
  request: { params: idParams('dispute') },
  responses: { 200: json(EvidenceListSchema, 'Files and seals, oldest first'), ...problems(401, 404) },
});

export const listEvidenceEndpoint = endpoint(route, async (c) => {
  const em = c.get('em');
  const { dispute, actor } = await visibleDispute(em, c.req.valid('param').id, currentUser(c));
  const { files, seals } = await listEvidence(em, dispute.id);
  return c.json({ evidence: files.map((file) => toEvidence(file, actor.role)), seals: seals.map(toSeal) }, 200);
});
