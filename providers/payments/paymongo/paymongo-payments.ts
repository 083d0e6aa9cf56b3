/** Payments by GCash and Maya: PayMongo's payment intents (https://developers.paymongo.com/docs/pipm-workflow). */

import { DomainError } from '../../../domain/domain-error.ts';
import { isId } from '../../../domain/ids.ts';
import type { CreatePaymentInput, PaymentProvider, ProviderPayment } from '../port.ts';
import { ProviderError } from '../provider-error.ts';
import type { PayMongoClient } from './paymongo-client.ts';
import { invalid, isRefusal } from './paymongo-errors.ts';
import { intentSchema, methodSchema, paymentSchema, refundSchema, toProviderPayment } from './paymongo-objects.ts';

/** The wallets offered, by the names that PayMongo and we both use. */
export type Wallet = 'gcash' | 'paymaya';

type PaymentMethods = Pick<
  PaymentProvider,
  'createPayment' | 'retrievePayment' | 'findPayment' | 'cancelPayment' | 'capturePayment'
>;

/** PHP 20.00 to 9,999,999.99: https://docs.paymongo.com/docs/payment-acceptance-errors-pipm */
const CENTAVOS = { least: 2_000, most: 999_999_999 } as const;

/** The payment half of the port for one wallet. */
export function createPayMongoPayments(client: PayMongoClient, wallet: Wallet, returnUrl: string): PaymentMethods {
  async function retrieve(providerObjectId: string): Promise<ProviderPayment> {
    const intentId = await intentIdOf(client, providerObjectId);
    return toProviderPayment(await client.get(`/payment_intents/${pathId(intentId)}`, intentSchema));
  }

  return {
    /**
     * Three requests, none of which can be repeated under a key: PayMongo has none. A try whose answer got lost leaves
     * an intent behind that takes no money: only whoever has the address of its approval page can pay it, and that
     * address was in the lost answer. The next try makes another intent; its address is the one the buyer is given.
     */
    async createPayment(input) {
      assertPossible(input, wallet);
      const intent = await client.post('/payment_intents', intentSchema, {
        amount: input.amountMinor,
        currency: input.currency,
        payment_method_allowed: [wallet],
        capture_type: 'automatic',
        description: input.description,
        metadata: markOf(input),
      });
      const method = await client.post('/payment_methods', methodSchema, { type: wallet });
      const attach = { payment_method: method.id, return_url: returnUrl };
      return toProviderPayment(await client.post(`/payment_intents/${pathId(intent.id)}/attach`, intentSchema, attach));
    },

    /** Also by the id of a payment (`pay_…`) or refund (`ref_…`) of the intent: those are what webhooks name. */
    retrievePayment: retrieve,

    /**
     * PayMongo lists no intents. What could be found by listing payments is never lost on us: an intent is paid by its
     * address only, which we store together with its id before anybody gets it.
     */
    findPayment: async () => null,

    /**
     * Cancelling is documented for intents that hold an authorisation; where PayMongo refuses it otherwise, the present
     * state decides. An attempt that failed or lapsed leaves an intent that only we could try again, and we do not: it
     * takes no more money. An address that is still good does until it lapses (GCash 4 h, Maya 30 min), so that
     * fails with `conflict`, to be tried again.
     */
    async cancelPayment({ providerObjectId }) {
      try {
        const cancelled = await client.post(`/payment_intents/${pathId(providerObjectId)}/cancel`, intentSchema);
        return toProviderPayment(cancelled);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        const payment = await retrieve(providerObjectId);
        if (payment.status === 'requires_payment_method') return { ...payment, status: 'cancelled' };
        if (payment.status !== 'requires_action') return payment;
        throw new ProviderError({ kind: 'conflict', code: error.code, retryable: true });
      }
    },

    /** Wallets pay at once, so there is nothing left to capture. */
    async capturePayment({ providerObjectId, amountMinor }) {
      const payment = await retrieve(providerObjectId);
      if (payment.status === 'succeeded' && payment.amountReceivedMinor === amountMinor) return payment;
      throw invalid('capture_not_offered');
    },
  };
}

function assertPossible({ currency, amountMinor, capture, method }: CreatePaymentInput, wallet: Wallet): void {
  if (currency !== 'PHP') throw new DomainError('currency_not_supported', `PayMongo takes PHP, not ${currency}`);
  if (!Number.isSafeInteger(amountMinor) || amountMinor < CENTAVOS.least || amountMinor > CENTAVOS.most) {
    throw new DomainError('amount_out_of_range', `PayMongo cannot take ${amountMinor} centavos`);
  }
  if (capture !== 'at_once') throw invalid('capture_not_offered');
  if (method !== null && method !== wallet) throw invalid('method_not_offered');
}

function markOf({ paymentId, subjectId }: CreatePaymentInput): Record<string, string> {
  return { payment_id: paymentId, [isId('order', subjectId) ? 'order_id' : 'purchase_id']: subjectId };
}

async function intentIdOf(client: PayMongoClient, id: string): Promise<string> {
  if (id.startsWith('pi_')) return id;
  const paymentId = id.startsWith('ref_')
    ? (await client.get(`/refunds/${pathId(id)}`, refundSchema)).attributes.payment_id
    : id;
  const { attributes } = await client.get(`/payments/${pathId(paymentId)}`, paymentSchema);
  if (!attributes.payment_intent_id) throw invalid('payment_without_intent');
  return attributes.payment_intent_id;
}

/** An id as a part of a path; one that is none cannot lead elsewhere. */
export function pathId(id: string): string {
  return encodeURIComponent(id);
}
