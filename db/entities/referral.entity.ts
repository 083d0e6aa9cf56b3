/** A friend who came with a code, and the reward for that. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { instant, minor } from './columns.ts';
import { UserAccount } from './user-account.entity.ts';

const ReferralSchema = defineEntity({
  name: 'Referral',
  tableName: 'referral',
  properties: {
    friendId: () => p.manyToOne(UserAccount).mapToPk().joinColumn('friend_id').primary(),
    referrerId: () => p.manyToOne(UserAccount).mapToPk().joinColumn('referrer_id'),
    joinedAt: instant().defaultRaw('now()'),
    rewardedAt: instant().nullable(),
    /** What the referrer got; null as long as it is nothing. */
    chips: minor().nullable(),
  },
});

/** A row of `referral`. */
export class Referral extends ReferralSchema.class {}
ReferralSchema.setClass(Referral);
