/** A seller's shop in one channel. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { Channel } from './channel.entity.ts';
import { id, insertedAt } from './columns.ts';
import { UserAccount } from './user-account.entity.ts';

const ShopSchema = defineEntity({
  name: 'Shop',
  tableName: 'shop',
  properties: {
    id: id('shop').primary(),
    ownerId: () => p.manyToOne(UserAccount).mapToPk().joinColumn('owner_id'),
    channelId: () => p.manyToOne(Channel).mapToPk().joinColumn('channel_id'),
    name: p.text(),
    /** Degrees; both or neither. */
    lat: p.double().nullable(),
    lng: p.double().nullable(),
    createdAt: insertedAt(),
  },
});

/** A row of `shop`. */
export class Shop extends ShopSchema.class {}
ShopSchema.setClass(Shop);
