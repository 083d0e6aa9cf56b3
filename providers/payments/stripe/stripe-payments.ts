/** Stripe's PaymentIntents: create, look up, cancel, capture. */

import type Stripe from 'stripe';
import { isId } from '../../../domain/ids.ts';
import { toStripeAmount } from '../../../domain/stripe-amounts.ts';
import type { FindPaymentInput, PaymentProvider, ProviderPayment } from '../port.ts';
import { callStripe, isUnexpectedState } from './stripe-errors.ts';
import { toProviderPayment } from './stripe-objects.ts';

type PaymentMethods = Pick<
  PaymentProvider,
  'createPayment' | 'retrievePayment' | 'findPayment' | 'cancelPayment' | 'capturePayment'
>;

const EXPAND = ['latest_charge'];
const DEFAULT_METHOD = 'card';

/** The payment half of the port over Stripe's PaymentIntents. */
export function createStripePayments(stripe: Stripe): PaymentMethods {
  async function retrieve(providerObjectId: string): Promise<ProviderPayment> {
    const intent = await callStripe(() => stripe.paymentIntents.retrieve(providerObjectId, { expand: EXPAND }));
    return toProviderPayment(intent);
  }

  /** Runs the step; where the PaymentIntent has moved on meanwhile, its present state is looked up and judged. */
  async function unlessMovedOn(
    providerObjectId: string,
    step: () => Promise<Stripe.PaymentIntent>,
    isFine: (payment: ProviderPayment) => boolean,
  ): Promise<ProviderPayment> {
    try {
      return toProviderPayment(await callStripe(step));
    } catch (error) {
      if (!isUnexpectedState(error)) throw error;
      const payment = await retrieve(providerObjectId);
      if (!isFine(payment)) throw error;
      return payment;
    }
  }

  return {
    async createPayment(input) {
      const intent = await callStripe(() =>
        stripe.paymentIntents.create(
          {
            amount: toStripeAmount(input.amountMinor, input.currency),
            currency: input.currency.toLowerCase(),
            capture_method: input.capture === 'on_release' ? 'manual' : 'automatic',
            // The API version pinned here refuses the older `payment_method_types` (400).
            allowed_payment_method_types: [input.method ?? DEFAULT_METHOD],
            description: input.description,
            ...markOf(input),
            expand: EXPAND,
          },
          { idempotencyKey: input.idempotencyKey },
        ),
      );
      return toProviderPayment(intent);
    },

    retrievePayment: retrieve,

    /**
     * Stripe has no consistent list of PaymentIntents by our own ids: listing filters by customer or instant only, and
     * search lags (a minute as a rule, an hour during outages; none for accounts in India). Charges, however, are
     * listed consistently by transfer group, so an attempt for an order that has touched money is always found; search
     * serves the rest. A payment created within the last hour and never tried may be missed: repeat its key instead, which is
     * good for 24 hours.
     */
    async findPayment({ paymentId, subjectId }) {
      const tried = await findTriedPayment(stripe, { paymentId, subjectId });
      if (tried !== null) return retrieve(tried);
      const found = await callStripe(() =>
        stripe.paymentIntents.search({ query: `metadata['payment_id']:'${paymentId}'`, limit: 1 }),
      );
      const [intent] = found.data;
      return intent ? retrieve(intent.id) : null;
    },

    cancelPayment({ providerObjectId, idempotencyKey }) {
      return unlessMovedOn(
        providerObjectId,
        () => stripe.paymentIntents.cancel(providerObjectId, { expand: EXPAND }, { idempotencyKey }),
        ({ status }) => status === 'succeeded' || status === 'cancelled' || status === 'processing',
      );
    },

    capturePayment({ providerObjectId, amountMinor, currency, idempotencyKey }) {
      return unlessMovedOn(
        providerObjectId,
        () =>
          stripe.paymentIntents.capture(
            providerObjectId,
            { amount_to_capture: toStripeAmount(amountMinor, currency), expand: EXPAND },
            { idempotencyKey },
          ),
        ({ status, amountReceivedMinor }) => status === 'succeeded' && amountReceivedMinor === amountMinor,
      );
    },
  };
}

/** What tells whose payment it is. Nobody is paid from a purchase, so only orders need a group for their transfers. */
function markOf({
  paymentId,
  subjectId,
}: FindPaymentInput): Pick<Stripe.PaymentIntentCreateParams, 'metadata' | 'transfer_group'> {
  if (isId('order', subjectId)) {
    return { metadata: { payment_id: paymentId, order_id: subjectId }, transfer_group: subjectId };
  }
  return { metadata: { payment_id: paymentId, purchase_id: subjectId } };
}

/** The id of the PaymentIntent behind a charge that carries our payment's id. */
async function findTriedPayment(stripe: Stripe, { paymentId, subjectId }: FindPaymentInput): Promise<string | null> {
  if (!isId('order', subjectId)) return null;
  let startingAfter: string | undefined;
  do {
    const page = await callStripe(() =>
      stripe.charges.list({ transfer_group: subjectId, limit: 100, starting_after: startingAfter }),
    );
    const intent = page.data.find(({ metadata }) => metadata.payment_id === paymentId)?.payment_intent;
    if (intent) return typeof intent === 'string' ? intent : intent.id;
    startingAfter = page.has_more ? page.data.at(-1)?.id : undefined;
  } while (startingAfter);
  return null;
}
