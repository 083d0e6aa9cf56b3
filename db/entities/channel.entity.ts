/** A channel: one business run on the engine, with the policy that its new orders are placed under. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { type Policy, PRESET_NAMES } from '../../domain/policy/policy.ts';
import { currency, id, insertedAt } from './columns.ts';

const ChannelSchema = defineEntity({
  name: 'Channel',
  tableName: 'channel',
  properties: {
    id: id('channel').primary(),
    slug: p.text(),
    name: p.text(),
    currency: currency(),
    preset: p.enum(PRESET_NAMES),
    policy: p.json<Policy>(),
    policyVersion: p.integer().default(1),
    active: p.boolean().default(true),
    createdAt: insertedAt(),
  },
});

/** A row of `channel`. */
export class Channel extends ChannelSchema.class {}
ChannelSchema.setClass(Channel);
