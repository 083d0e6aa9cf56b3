/** A file that somebody brought as evidence, with the hash of its bytes. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import type { DisputePhase } from '../../domain/disputes/dispute.ts';
import { id, instant } from './columns.ts';
import { Dispute } from './dispute.entity.ts';

const DisputeEvidenceSchema = defineEntity({
  name: 'DisputeEvidence',
  tableName: 'dispute_evidence',
  properties: {
    id: id('evidence').primary(),
    disputeId: () => p.manyToOne(Dispute).mapToPk().joinColumn('dispute_id'),
    /** The phase it was brought in; it is sealed when that ends. */
    phase: p.text().$type<DisputePhase>(),
    authorRole: p.enum(['buyer', 'seller', 'admin', 'verifier', 'system'] as const),
    authorId: p.text(),
    fileName: p.text(),
    mediaType: p.text(),
    sizeBytes: p.integer(),
    /** Of the bytes, in hex. */
    sha256: p.text(),
    bytes: p.blob().lazy(),
    at: instant(),
  },
});

/** A row of `dispute_evidence`. */
export class DisputeEvidence extends DisputeEvidenceSchema.class {}
DisputeEvidenceSchema.setClass(DisputeEvidence);
