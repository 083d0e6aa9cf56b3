/** What a dispute's file consists of: messages, pieces of evidence, and the seals of the phases that have ended. */

import { z } from '@hono/zod-openapi';
import type { DisputeEvidence } from '../../db/entities/dispute-evidence.entity.ts';
import type { DisputeMessage } from '../../db/entities/dispute-message.entity.ts';
import type { DisputeSeal } from '../../db/entities/dispute-seal.entity.ts';
import { DISPUTE_PHASES, DISPUTE_ROLES } from '../../domain/disputes/dispute.ts';
import type { ActorRole } from '../../domain/escrow.ts';
import { exampleId, InstantSchema, idSchema } from '../schemas/values.ts';
import { isReviewer } from './dispute.ts';

const AT = '2026-03-02T09:30:00.000Z';
const SHA256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

/** Reviewers appear to the parties by their role only. */
const AuthorSchema = z.strictObject({ role: z.enum(DISPUTE_ROLES), id: z.string().nullable() });

export const DisputeMessageSchema = z
  .strictObject({
    id: idSchema('message'),
    phase: z.enum(DISPUTE_PHASES),
    by: AuthorSchema,
    body: z.string(),
    at: InstantSchema,
  })
  .openapi('DisputeMessage', {
    example: {
      id: exampleId('message'),
      phase: 'seller_response',
      by: { role: 'seller', id: exampleId('user') },
      body: 'The parcel was packed as in the photo.',
      at: AT,
    },
  });

export const EvidenceSchema = z
  .strictObject({
    id: idSchema('evidence'),
    phase: z.enum(DISPUTE_PHASES),
    by: AuthorSchema,
    fileName: z.string(),
    mediaType: z.string(),
    sizeBytes: z.int(),
    sha256: z.string(),
    at: InstantSchema,
  })
  .openapi('Evidence', {
    example: {
      id: exampleId('evidence'),
      phase: 'seller_response',
      by: { role: 'buyer', id: exampleId('user') },
      fileName: 'broken-mug.jpg',
      mediaType: 'image/jpeg',
      sizeBytes: 184_213,
      sha256: SHA256,
      at: AT,
    },
  });

const SealSchema = z
  .strictObject({
    seq: z.int(),
    phase: z.enum(DISPUTE_PHASES),
    manifest: z.string(),
    seal: z.string(),
    previousSeal: z.string().nullable(),
    sealedAt: InstantSchema,
  })
  .openapi('EvidenceSeal', {
    description: '`seal` is the SHA-256 of `manifest`, which names every file of the phase by its own SHA-256.',
    example: {
      seq: 1,
      phase: 'seller_response',
      manifest: `${exampleId('dispute')} seller_response -\n${SHA256} buyer ${exampleId('user')} ${AT}`,
      seal: '60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752',
      previousSeal: null,
      sealedAt: '2026-03-03T08:00:00.000Z',
    },
  });

export const EvidenceListSchema = z
  .strictObject({ evidence: z.array(EvidenceSchema), seals: z.array(SealSchema) })
  .openapi('EvidenceList');

/** `viewer`: the part of whoever reads it. */
export function toMessage(row: DisputeMessage, viewer: ActorRole): z.infer<typeof DisputeMessageSchema> {
  const { id, phase, body, at } = row;
  return { id, phase, by: toAuthor(row, viewer), body, at: at.toISOString() };
}

export function toEvidence(row: DisputeEvidence, viewer: ActorRole): z.infer<typeof EvidenceSchema> {
  const { id, phase, fileName, mediaType, sizeBytes, sha256, at } = row;
  return { id, phase, by: toAuthor(row, viewer), fileName, mediaType, sizeBytes, sha256, at: at.toISOString() };
}

export function toSeal(row: DisputeSeal): z.infer<typeof SealSchema> {
  const { seq, phase, manifest, seal, previousSeal, sealedAt } = row;
  return { seq, phase, manifest, seal, previousSeal: previousSeal ?? null, sealedAt: sealedAt.toISOString() };
}

function toAuthor(
  { authorRole: role, authorId }: DisputeMessage | DisputeEvidence,
  viewer: ActorRole,
): z.infer<typeof AuthorSchema> {
  return { role, id: isReviewer(role) && !isReviewer(viewer) ? null : authorId };
}
