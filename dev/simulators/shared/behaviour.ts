/** How webhooks are delivered: politely, or as badly as a test wants it. */

export type WebhookBehaviour = {
  /** Every delivery waits this long first. */
  delayMs: number;
  /** How often each event is sent to each endpoint. */
  copies: number;
  /** Each delivery waits a random part of this besides, so that they arrive in any order. 0: in order, mostly. */
  shuffleMs: number;
  /** Events from now on that are never sent: a number, or all of them. */
  drop: number | 'all';
};

export const POLITE: WebhookBehaviour = { delayMs: 0, copies: 1, shuffleMs: 0, drop: 0 };
