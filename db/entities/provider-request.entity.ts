/** A request to a payment provider under its business key: what was asked, when first, and how it ended. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { PAYMENT_PROVIDERS } from '../../domain/policy/policy.ts';
import { insertedAt, instant } from './columns.ts';

const ProviderRequestSchema = defineEntity({
  name: 'ProviderRequest',
  tableName: 'provider_request',
  properties: {
    businessKey: p.text().primary(),
    provider: p.enum(PAYMENT_PROVIDERS),
    operation: p.text(),
    requestHash: p.text(),
    objectId: p.text().nullable(),
    firstSentAt: insertedAt(),
    completedAt: instant().nullable(),
    outcome: p.json<Record<string, unknown>>().nullable(),
  },
});

/** A row of `provider_request`. */
export class ProviderRequest extends ProviderRequestSchema.class {}
ProviderRequestSchema.setClass(ProviderRequest);
