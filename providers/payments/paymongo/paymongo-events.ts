/** What a webhook at PayMongo has to be subscribed to; anything else is ignored without a look. */
export const PAYMONGO_EVENTS: readonly string[] = [
  'payment.paid',
  'payment.failed',
  'payment.refunded',
  'payment.refund.updated',
];
