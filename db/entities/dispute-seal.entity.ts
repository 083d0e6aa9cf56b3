/** The files of a phase that has ended: their manifest and its hash, chained to the phase before. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import type { DisputePhase } from '../../domain/disputes/dispute.ts';
import { instant } from './columns.ts';
import { Dispute } from './dispute.entity.ts';

const DisputeSealSchema = defineEntity({
  name: 'DisputeSeal',
  tableName: 'dispute_seal',
  properties: {
    disputeId: () => p.manyToOne(Dispute).mapToPk().joinColumn('dispute_id').primary(),
    /** From 1, in the order of the phases. */
    seq: p.integer().primary(),
    phase: p.text().$type<DisputePhase>(),
    manifest: p.text(),
    /** SHA-256 of the manifest, in hex. */
    seal: p.text(),
    previousSeal: p.text().nullable(),
    sealedAt: instant(),
  },
});

/** A row of `dispute_seal`. */
export class DisputeSeal extends DisputeSealSchema.class {}
DisputeSealSchema.setClass(DisputeSeal);
