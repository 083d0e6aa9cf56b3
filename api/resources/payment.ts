/** An attempt to pay: what the buyer's page needs to pay with. */

import { z } from '@hono/zod-openapi';
import type { Payment } from '../../db/entities/payment.entity.ts';
import { PAYMENT_STATUSES } from '../../db/statuses.ts';
import { PAYMENT_PROVIDERS } from '../../domain/policy/policy.ts';
import { exampleId, idSchema, line } from '../schemas/values.ts';

/** How the buyer wants to pay. */
export const PaymentChoiceSchema = z
  .strictObject({ provider: z.enum(PAYMENT_PROVIDERS), method: line(64).optional() })
  .openapi('PaymentChoice', { example: { provider: 'stripe', method: 'card' } });

export const PaymentSchema = z
  .strictObject({
    id: idSchema('payment'),
    provider: z.enum(PAYMENT_PROVIDERS),
    status: z.enum(PAYMENT_STATUSES),
    clientSecret: z.string().optional(),
    approvalUrl: z.string().optional(),
    failureCode: z.string().optional(),
  })
  .openapi('Payment', {
    example: {
      id: exampleId('payment'),
      provider: 'stripe',
      status: 'created',
      clientSecret: 'pi_3Nabc_secret_def',
    },
  });

/** What is shown of a payment, whatever it is for. */
type PaymentFacts = Pick<Payment, 'id' | 'provider' | 'status' | 'clientSecret' | 'approvalUrl' | 'failureCode'>;

/** The client secret is shown only while there is something to pay. */
export function toPayment(row: PaymentFacts): z.infer<typeof PaymentSchema> {
  const payable = row.status === 'created' || row.status === 'requires_action' || row.status === 'failed';
  return {
    id: row.id,
    provider: row.provider,
    status: row.status,
    ...(payable && row.clientSecret && { clientSecret: row.clientSecret }),
    ...(payable && row.approvalUrl && { approvalUrl: row.approvalUrl }),
    ...(row.failureCode && { failureCode: row.failureCode }),
  };
}
