/** A channel as shoppers see it: what it sells in, and the rules that touch them. */

import { z } from '@hono/zod-openapi';
import type { Channel } from '../../db/entities/channel.entity.ts';
import { PAYMENT_PROVIDERS, PRESET_NAMES } from '../../domain/policy/policy.ts';
import { CurrencySchema, exampleId, idSchema } from '../schemas/values.ts';

export const ChannelSchema = z
  .strictObject({
    id: idSchema('channel'),
    slug: z.string(),
    name: z.string(),
    preset: z.enum(PRESET_NAMES),
    currency: CurrencySchema,
    paymentProviders: z.array(z.enum(PAYMENT_PROVIDERS)),
    vendorsPerOrder: z.enum(['one', 'many']),
    digitalGoods: z.boolean(),
    /** Listings may ask for a verifier between seller and buyer. */
    authenticity: z.boolean(),
  })
  .openapi('Channel', {
    example: {
      id: exampleId('channel'),
      slug: 'multi-vendor',
      name: 'Multi-vendor market',
      preset: 'multi-vendor',
      currency: 'USD',
      paymentProviders: ['stripe'],
      vendorsPerOrder: 'many',
      digitalGoods: true,
      authenticity: false,
    },
  });

export function toChannel(row: Channel): z.infer<typeof ChannelSchema> {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    preset: row.preset,
    currency: row.currency,
    paymentProviders: [...row.policy.payment.providers],
    vendorsPerOrder: row.policy.cart.vendors,
    digitalGoods: row.policy.digital !== null,
    authenticity: Boolean(row.policy.authenticity),
  };
}
