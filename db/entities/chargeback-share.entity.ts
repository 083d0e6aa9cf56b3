/** What of a chargeback one hold carries, as it was when the chargeback was opened. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { Chargeback } from './chargeback.entity.ts';
import { minor } from './columns.ts';
import { Escrow } from './escrow.entity.ts';

const ChargebackShareSchema = defineEntity({
  name: 'ChargebackShare',
  tableName: 'chargeback_share',
  primaryKeys: ['chargebackId', 'escrowId'],
  properties: {
    chargebackId: () => p.manyToOne(Chargeback).mapToPk().joinColumn('chargeback_id').primary(),
    escrowId: () => p.manyToOne(Escrow).mapToPk().joinColumn('escrow_id').primary(),
    amountMinor: minor(),
    /** Of it, what is still in the hold; the rest was released. */
    heldMinor: minor(),
  },
});

/** A row of `chargeback_share`. */
export class ChargebackShare extends ChargebackShareSchema.class {}
ChargebackShareSchema.setClass(ChargebackShare);
