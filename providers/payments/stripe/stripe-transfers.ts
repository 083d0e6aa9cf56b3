/** Money that leaves again through Stripe: refunds to the buyer, transfers to sellers, and what is taken back of these. */

import type Stripe from 'stripe';
import { fromStripeAmount, toStripeAmount } from '../../../domain/stripe-amounts.ts';
import type { PaymentProvider } from '../port.ts';
import { callStripe } from './stripe-errors.ts';
import { toProviderRefund, toProviderReversal, toProviderTransfer } from './stripe-objects.ts';

type MoneyOutMethods = Pick<
  PaymentProvider,
  'refund' | 'findRefund' | 'transfer' | 'findTransfer' | 'reverseTransfer' | 'findReversal' | 'availableBalance'
>;

/** The half of the port that pays money out (and back), over Stripe's Refunds and Connect transfers. */
export function createStripeTransfers(stripe: Stripe): MoneyOutMethods {
  return {
    async refund({ providerObjectId, amountMinor, currency, idempotencyKey, reference }) {
      const refund = await callStripe(() =>
        stripe.refunds.create(
          {
            payment_intent: providerObjectId,
            amount: toStripeAmount(amountMinor, currency),
            reason: 'requested_by_customer',
            metadata: { reference },
          },
          { idempotencyKey },
        ),
      );
      return toProviderRefund(refund);
    },

    async findRefund({ providerObjectId, reference }) {
      const refund = await firstByReference(reference, (startingAfter) =>
        stripe.refunds.list({ payment_intent: providerObjectId, limit: 100, starting_after: startingAfter }),
      );
      return refund && toProviderRefund(refund);
    },

    /**
     * `source_transaction` makes the money wait for the charge's own availability instead of our balance's; Stripe
     * does not repeat a transfer that failed for a short balance.
     */
    async transfer({ idempotencyKey, amountMinor, currency, destinationAccount, sourceCharge, orderId, reference }) {
      const transfer = await callStripe(() =>
        stripe.transfers.create(
          {
            amount: toStripeAmount(amountMinor, currency),
            currency: currency.toLowerCase(),
            destination: destinationAccount,
            ...(sourceCharge === null ? {} : { source_transaction: sourceCharge }),
            transfer_group: orderId,
            metadata: { reference, order_id: orderId },
          },
          { idempotencyKey },
        ),
      );
      return toProviderTransfer(transfer);
    },

    async findTransfer({ orderId, reference }) {
      const transfer = await firstByReference(reference, (startingAfter) =>
        stripe.transfers.list({ transfer_group: orderId, limit: 100, starting_after: startingAfter }),
      );
      return transfer && toProviderTransfer(transfer);
    },

    /** Stripe reverses only what the connected account has available, unless that has reserves of its own. */
    async reverseTransfer({ idempotencyKey, transferId, amountMinor, currency, reference }) {
      const amount = toStripeAmount(amountMinor, currency);
      const reversal = await callStripe(() =>
        stripe.transfers.createReversal(transferId, { amount, metadata: { reference } }, { idempotencyKey }),
      );
      return toProviderReversal(reversal);
    },

    async findReversal({ transferId, reference }) {
      const reversal = await firstByReference(reference, (startingAfter) =>
        stripe.transfers.listReversals(transferId, { limit: 100, starting_after: startingAfter }),
      );
      return reversal && toProviderReversal(reversal);
    },

    async availableBalance({ account, currency }) {
      const balance = await callStripe(() => stripe.balance.retrieve({}, { stripeAccount: account }));
      const inCurrency = balance.available.find((each) => each.currency === currency.toLowerCase());
      return fromStripeAmount(Math.max(0, inCurrency?.amount ?? 0), currency);
    },
  };
}

type Referenced = { id: string; metadata: Stripe.Metadata | null };

/** Pages through a list until an object carries the reference. Stripe's lists are consistent, unlike its search. */
async function firstByReference<T extends Referenced>(
  reference: string,
  page: (startingAfter: string | undefined) => Promise<{ data: T[]; has_more: boolean }>,
): Promise<T | null> {
  let startingAfter: string | undefined;
  do {
    const { data, has_more: hasMore } = await callStripe(() => page(startingAfter));
    const found = data.find((item) => item.metadata?.reference === reference);
    if (found) return found;
    startingAfter = hasMore ? data.at(-1)?.id : undefined;
  } while (startingAfter);
  return null;
}
