/** What customers of GCash and Maya, PayMongo's dashboard and a test may do to the PayMongo simulator, over HTTP. */

import type { EventObject, RefundObject } from '../simulators/paymongo/objects.ts';
import type { WebhookBehaviour } from '../simulators/shared/behaviour.ts';
import { bodyOf, send } from './request.ts';

/** What the intent is after the buyer's word: paid (`succeeded`), or open to another attempt. */
export type Approved = { paymentIntent: string; status: 'succeeded' | 'awaiting_payment_method' };

/** The simulator at one address. Every method throws UnexpectedReply unless the answer is a success. */
export class PaymongoClient {
  private readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** The buyer approves on the page at this address; throws where it is over: paid, lapsed or cancelled. */
  pay(approvalUrl: string): Promise<Approved> {
    return this.answer(approvalUrl, 'pay');
  }

  /** The buyer refuses. */
  fail(approvalUrl: string): Promise<Approved> {
    return this.answer(approvalUrl, 'fail');
  }

  /** A refund from the dashboard: of a payment (`pay_…`) or an intent (`pi_…`), all that is left unless told, in centavos. */
  refund(payment: string, amount?: number): Promise<RefundObject> {
    return this.control('POST', '/refunds', { payment, amount });
  }

  /** Every event, oldest first, delivered or not. */
  async events(): Promise<EventObject[]> {
    return (await this.control<{ data: EventObject[] }>('GET', '/events')).data;
  }

  /** Delivers an event's webhook once more. */
  async resend(eventId: string): Promise<void> {
    await this.control('POST', `/events/${eventId}/resend`);
  }

  /** How webhooks are delivered from now on: delayed, doubled, shuffled, dropped. */
  webhooks(changes: Partial<WebhookBehaviour>): Promise<unknown> {
    return this.control('POST', '/webhooks', changes);
  }

  private async answer(approvalUrl: string, outcome: 'pay' | 'fail'): Promise<Approved> {
    const reply = await send<Approved>('POST', approvalUrl, {
      rawBody: new URLSearchParams({ outcome }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    });
    return bodyOf(`${outcome} at the wallet`, reply);
  }

  private async control<T>(method: string, path: string, body?: unknown): Promise<T> {
    return bodyOf(`${method} ${path}`, await send<T>(method, `${this.url}/_control${path}`, { body }));
  }
}
