/** What a webhook endpoint at Stripe has to be subscribed to; anything else is ignored without a look. */
export const STRIPE_EVENTS: readonly string[] = [
  'payment_intent.succeeded',
  'payment_intent.amount_capturable_updated',
  'payment_intent.payment_failed',
];
