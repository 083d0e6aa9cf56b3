/** The code that somebody gives to friends. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { insertedAt } from './columns.ts';
import { UserAccount } from './user-account.entity.ts';

const ReferralCodeSchema = defineEntity({
  name: 'ReferralCode',
  tableName: 'referral_code',
  properties: {
    userId: () => p.manyToOne(UserAccount).mapToPk().joinColumn('user_id').primary(),
    code: p.text(),
    createdAt: insertedAt(),
  },
});

/** A row of `referral_code`. */
export class ReferralCode extends ReferralCodeSchema.class {}
ReferralCodeSchema.setClass(ReferralCode);
