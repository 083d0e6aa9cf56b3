/** What somebody said in a dispute. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import type { DisputePhase } from '../../domain/disputes/dispute.ts';
import { id, instant } from './columns.ts';
import { Dispute } from './dispute.entity.ts';

const DisputeMessageSchema = defineEntity({
  name: 'DisputeMessage',
  tableName: 'dispute_message',
  properties: {
    id: id('message').primary(),
    disputeId: () => p.manyToOne(Dispute).mapToPk().joinColumn('dispute_id'),
    phase: p.text().$type<DisputePhase>(),
    authorRole: p.enum(['buyer', 'seller', 'admin', 'verifier'] as const),
    authorId: id('user'),
    body: p.text(),
    at: instant(),
  },
});

/** A row of `dispute_message`. */
export class DisputeMessage extends DisputeMessageSchema.class {}
DisputeMessageSchema.setClass(DisputeMessage);
