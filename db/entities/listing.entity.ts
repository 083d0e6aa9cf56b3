/** A listing: a product's price and stock. `stock` counts units on hand with the reserved ones; available = stock - reserved. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { LISTING_STATUSES } from '../statuses.ts';
import { Channel } from './channel.entity.ts';
import { changedAt, currency, id, insertedAt, minor } from './columns.ts';
import { Product } from './product.entity.ts';
import { Shop } from './shop.entity.ts';
import { UserAccount } from './user-account.entity.ts';

const ListingSchema = defineEntity({
  name: 'Listing',
  tableName: 'listing',
  properties: {
    id: id('listing').primary(),
    productId: () => p.manyToOne(Product).mapToPk().joinColumn('product_id'),
    shopId: () => p.manyToOne(Shop).mapToPk().joinColumn('shop_id'),
    channelId: () => p.manyToOne(Channel).mapToPk().joinColumn('channel_id'),
    sellerId: () => p.manyToOne(UserAccount).mapToPk().joinColumn('seller_id'),
    priceMinor: minor(),
    currency: currency(),
    stock: p.integer(),
    reserved: p.integer().default(0),
    sold: p.integer().default(0),
    status: p.enum(LISTING_STATUSES).default('ACTIVE'),
    /** The seller asks for a verifier between them and the buyer. */
    authenticity: p.boolean().default(false),
    createdAt: insertedAt(),
    updatedAt: changedAt(),
  },
});

/** A row of `listing`. */
export class Listing extends ListingSchema.class {}
ListingSchema.setClass(Listing);
