/** POST /disputes/{id}/evidence: a party or a reviewer adds a file while the phase lasts. */

import { createHash } from 'node:crypto';
import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { newId } from '../../../db/new-id.ts';
import { addEvidence } from '../../../db/repositories/dispute-entries.ts';
import { type AppEnv, currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { evidenceNameOf, evidenceTypeOf } from '../../evidence-files.ts';
import { idempotent } from '../../idempotency.ts';
import { requireUser } from '../../middleware/auth.ts';
import { EvidenceSchema, toEvidence } from '../../resources/dispute-file.ts';
import { bearer, idempotencyKeyParameter, json, problems } from '../../schemas/responses.ts';
import { idParams } from '../../schemas/values.ts';
import { addedTo, visibleDispute } from './access.ts';

const MAX_FILE_BYTES = 10 * 1_024 * 1_024;
/** What a form with one file has besides the file. */
const MAX_FORM_BYTES = 16 * 1_024;
const MAX_FILES = 20;

const tooLarge = (): ApiError =>
  // The rest of the body stays unread, so nothing more can be said on this connection.
  new ApiError('payload_too_large', { detail: 'A file has at most 10 MB', headers: { Connection: 'close' } });

/** This route's own limit: the general one lets it through. Counted after the sign-in, before anything is read. */
const limitUpload = bodyLimit({
  maxSize: MAX_FILE_BYTES + MAX_FORM_BYTES,
  onError: () => {
    throw tooLarge();
  },
});

const EvidenceAnswerSchema = z.strictObject({ evidence: EvidenceSchema }).openapi('EvidenceAnswer');

const route = createRoute({
  method: 'post',
  path: '/disputes/{id}/evidence',
  tags: ['Disputes'],
  summary: 'Add a piece of evidence',
  description:
    'JPEG, PNG, WebP, PDF, plain text or MP4, at most 10 MB and 20 files. The same file again answers the one that is there.',
  security: bearer,
  middleware: [requireUser, limitUpload],
  parameters: [idempotencyKeyParameter(false)],
  request: {
    params: idParams('dispute'),
    body: {
      required: true,
      content: {
        'multipart/form-data': {
          schema: {
            type: 'object',
            required: ['file'],
            additionalProperties: false,
            properties: { file: { type: 'string', format: 'binary' } },
          },
        },
      },
    },
  },
  responses: {
    200: json(EvidenceAnswerSchema, 'The same file as it is there'),
    201: json(EvidenceAnswerSchema, 'The file'),
    ...problems(400, 401, 403, 404, 409, 413, 415, 422, 503),
  },
});

export const addEvidenceEndpoint = endpoint(route, async (c) => {
  const em = c.get('em');
  const { dispute, actor } = await visibleDispute(em, c.req.valid('param').id, currentUser(c));
  const file = await readFile(c);
  if (file.size > MAX_FILE_BYTES) throw tooLarge();
  const bytes = Buffer.from(await file.arrayBuffer());
  const mediaType = await evidenceTypeOf(bytes, file.type);
  const fileName = evidenceNameOf(file.name, mediaType);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return await idempotent(c, { fileName, sha256 }, { required: false }, async () => {
    // The phase is that of the moment the request came: a file is never sealed into a phase it was not brought for.
    const from = { disputeId: dispute.id, phase: dispute.content.phase, author: actor };
    const evidence = { id: newId('evidence'), ...from, fileName, mediaType, sha256, bytes };
    const { added, isNew } = addedTo(await addEvidence(em, evidence, { maxFiles: MAX_FILES }));
    return c.json({ evidence: toEvidence(added, actor.role) }, isNew ? 201 : 200);
  });
});

/** The one file of a form with nothing else in it. */
async function readFile(c: Context<AppEnv>): Promise<File> {
  if (!/^multipart\/form-data\s*;/i.test(c.req.header('Content-Type') ?? '')) {
    throw new ApiError('unsupported_media_type', { detail: 'Send the file as multipart/form-data' });
  }
  const form = await c.req.formData().catch((cause: unknown) => {
    throw new ApiError('validation_failed', { detail: 'The form cannot be read', cause });
  });
  const fields = [...form];
  const [[name, file] = []] = fields;
  if (fields.length === 1 && name === 'file' && file instanceof File && file.size > 0) return file;
  const message = 'send one file that is not empty, and nothing else';
  throw new ApiError('validation_failed', { errors: [{ path: 'file', message, code: 'invalid_file' }] });
}
