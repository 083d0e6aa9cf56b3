/** The facts a timeline is made of, in the words that people read, in the API as in the Temporal UI. */

export const FACTS = {
  'order.placed': 'The order was placed and its goods are reserved.',
  'order.paid': 'The money arrived and is held for the sellers.',
  'order.cancelled': 'The order was cancelled before it was paid.',
  'order.expired': 'The order was not paid in time.',
  'payment.declined': 'The payment was declined; the buyer may try again.',
  'payment.retried': 'Another attempt to pay was started.',
  'payment.late_refunded': 'Money that nobody waited for any more was sent back.',
  'escrow.held': 'The money is held for this seller.',
  'escrow.processing': 'The seller prepares the goods.',
  'escrow.shipped': 'The goods are on their way.',
  'escrow.in_transit': 'The carrier has news of the parcel.',
  'escrow.delivered': 'The goods are delivered.',
  'escrow.accessed': 'The buyer has opened the goods.',
  'escrow.extended': 'The deadline was moved.',
  'escrow.paused': 'An admin has stopped the clocks.',
  'escrow.resumed': 'The clocks run again.',
  'escrow.releasing': 'The buyer is being charged for the release.',
  'escrow.captured': 'The buyer was charged; the money stays held.',
  'escrow.released': 'The money was released to the seller.',
  'escrow.refunding': 'The money is on its way back to the buyer.',
  'escrow.refunded': 'The money went back to the buyer.',
  'payout.waiting_for_account': "The seller's share stays in the wallet: their account cannot receive it yet.",
  'payout.paid': "The seller's share was sent to their account.",
} as const satisfies Readonly<Record<`${string}.${string}`, string>>;

export type FactType = keyof typeof FACTS;

/** A fact in words, with the reason somebody gave for it. */
export function factInWords(type: FactType, reason?: string | null): string {
  return reason ? `${FACTS[type]} Reason: ${reason}` : FACTS[type];
}

export function isFactType(type: string): type is FactType {
  return Object.hasOwn(FACTS, type);
}
