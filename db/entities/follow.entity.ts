/** Somebody who wants to see what somebody else does. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { insertedAt } from './columns.ts';
import { UserAccount } from './user-account.entity.ts';

const FollowSchema = defineEntity({
  name: 'Follow',
  tableName: 'follow',
  properties: {
    followerId: () => p.manyToOne(UserAccount).mapToPk().joinColumn('follower_id').primary(),
    followedId: () => p.manyToOne(UserAccount).mapToPk().joinColumn('followed_id').primary(),
    at: insertedAt(),
  },
});

/** A row of `follow`. */
export class Follow extends FollowSchema.class {}
FollowSchema.setClass(Follow);
