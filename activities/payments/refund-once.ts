/** One refund at the provider under its business key, however often it is tried. */

import type { Payment } from '../../db/entities/payment.entity.ts';
import type { EntityManager } from '../../db/orm.ts';
import type { Currency } from '../../domain/currencies.ts';
import type { PaymentProvider } from '../../providers/payments/port.ts';
import { sendOnceOrFail } from '../provider-requests.ts';

type RefundAsked = { providerObjectId: string; amountMinor: number; currency: Currency };

/** The refund's id at the provider. Fails in the way that workflows understand. */
export async function refundOnce(
  em: EntityManager,
  provider: PaymentProvider,
  businessKey: string,
  asked: RefundAsked,
): Promise<string> {
  const input = { ...asked, reference: businessKey };
  const sent = await sendOnceOrFail(em, {
    businessKey,
    provider: provider.name,
    operation: 'refund',
    input,
    send: () => provider.refund({ ...input, idempotencyKey: businessKey }),
    find: () => provider.findRefund({ providerObjectId: asked.providerObjectId, reference: businessKey }),
    keep: ({ id }) => ({ id }),
  });
  return 'result' in sent ? sent.result.id : String(sent.repeated.id);
}

/** The provider's own id of a payment that it has taken. */
export function objectOf({ id, providerObjectId }: Payment): string {
  if (!providerObjectId) throw new Error(`payment ${id} has no object at its provider`);
  return providerObjectId;
}
