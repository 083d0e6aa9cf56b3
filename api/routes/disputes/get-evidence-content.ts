/** GET /disputes/{id}/evidence/{evidenceId}/content: a file as it was brought, to be saved and never shown in place. */

import { createRoute, z } from '@hono/zod-openapi';
import { findEvidenceContent } from '../../../db/repositories/dispute-file.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { attachmentOf } from '../../evidence-files.ts';
import { requireUser } from '../../middleware/auth.ts';
import { bearer, problems } from '../../schemas/responses.ts';
import { idSchema } from '../../schemas/values.ts';
import { visibleDispute } from './access.ts';

const route = createRoute({
  method: 'get',
  path: '/disputes/{id}/evidence/{evidenceId}/content',
  tags: ['Disputes'],
  summary: 'Download a piece of evidence',
  security: bearer,
  middleware: requireUser,
  request: { params: z.object({ id: idSchema('dispute'), evidenceId: idSchema('evidence') }) },
  responses: {
    200: {
      description: 'The bytes, under the type that was found in them',
      content: { '*/*': { schema: { type: 'string', format: 'binary' } } },
    },
    ...problems(401, 404),
  },
});

export const getEvidenceContentEndpoint = endpoint(route, async (c) => {
  const em = c.get('em');
  const { id, evidenceId } = c.req.valid('param');
  const { dispute } = await visibleDispute(em, id, currentUser(c));
  const found = await findEvidenceContent(em, dispute.id, evidenceId);
  if (!found) throw new ApiError('not_found');
  const { file, bytes } = found;
  // Whatever is in it, a browser neither runs nor guesses it (`nosniff` is on every answer).
  return c.body(new Uint8Array(bytes), 200, {
    'Content-Type': file.mediaType.startsWith('text/') ? `${file.mediaType}; charset=utf-8` : file.mediaType,
    'Content-Disposition': attachmentOf(file.fileName),
    'Content-Length': String(bytes.length),
    'Content-Security-Policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
  });
});
