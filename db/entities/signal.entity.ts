/** A trace of a device or an address, as keyed hashes. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { SIGNAL_KINDS } from '../fraud/signals.ts';
import { instant } from './columns.ts';
import { UserAccount } from './user-account.entity.ts';

const SignalSchema = defineEntity({
  name: 'Signal',
  tableName: 'signal',
  properties: {
    seq: p.bigint('number').primary().autoincrement(),
    userId: () => p.manyToOne(UserAccount).mapToPk().joinColumn('user_id'),
    kind: p.enum(SIGNAL_KINDS),
    deviceHash: p.text().nullable(),
    ipHash: p.text().nullable(),
    at: instant().defaultRaw('now()'),
  },
});

/** A row of `signal`. */
export class Signal extends SignalSchema.class {}
SignalSchema.setClass(Signal);
