/** A product: what it is. What it costs and how many there are stands in its listing. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { PRODUCT_KINDS, PRODUCT_STATUSES } from '../statuses.ts';
import { Channel } from './channel.entity.ts';
import { changedAt, id, insertedAt } from './columns.ts';
import { Shop } from './shop.entity.ts';

const ProductSchema = defineEntity({
  name: 'Product',
  tableName: 'product',
  properties: {
    id: id('product').primary(),
    shopId: () => p.manyToOne(Shop).mapToPk().joinColumn('shop_id'),
    channelId: () => p.manyToOne(Channel).mapToPk().joinColumn('channel_id'),
    title: p.text(),
    description: p.text(),
    kind: p.enum(PRODUCT_KINDS),
    categorySlug: p.text().nullable(),
    attributes: p.json<Record<string, unknown>>().default('{}'),
    /** What a buyer of a digital product gets. */
    digitalContent: p.text().nullable(),
    status: p.enum(PRODUCT_STATUSES).default('DRAFT'),
    createdAt: insertedAt(),
    updatedAt: changedAt(),
  },
});

/** A row of `product`. */
export class Product extends ProductSchema.class {}
ProductSchema.setClass(Product);
