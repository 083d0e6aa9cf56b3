/** What a buyer's browser, a bank and a test may do to the payment simulator, over HTTP. */

import type { WebhookBehaviour } from '../simulators/shared/behaviour.ts';
import type { RecordedRequest } from '../simulators/stripe/http/request-log.ts';
import type { DisputeObject, EventObject, PaymentIntentObject, TransferObject } from '../simulators/stripe/objects.ts';
import { bodyOf, type Reply, send } from './request.ts';

export type Card = 'pm_card_visa' | 'pm_card_mastercard' | 'pm_card_chargeDeclined' | 'pm_card_authenticationRequired';

/** `reason` is Stripe's word (`fraudulent`, `product_not_received` ...); evidence is due in a week unless told. */
export type DisputeDetails = { amount?: number; reason?: string; dueInMs?: number };

/** Any secret key reads the platform's objects. */
const SECRET_KEY = { authorization: 'Bearer sk_test_onlooker' };

/** The simulator at one address. Every method but `confirm` throws UnexpectedReply unless the answer is a success. */
export class SimulatorClient {
  private readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** Pays (or fails to) as Stripe.js does it in the buyer's browser; a declined card answers 402. */
  confirm(clientSecret: string, card: Card = 'pm_card_visa'): Promise<Reply<Partial<PaymentIntentObject>>> {
    return send('POST', `${this.url}/v1/payment_intents/${paymentIntentId(clientSecret)}/confirm`, {
      rawBody: new URLSearchParams({ client_secret: clientSecret, payment_method: card }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  }

  /** Pays; throws UnexpectedReply when the card is declined. */
  async pay(clientSecret: string, card?: Card): Promise<void> {
    bodyOf('confirming the payment', await this.confirm(clientSecret, card));
  }

  /** The buyer says yes or no to their bank. */
  async authenticate(clientSecret: string, approved: boolean): Promise<void> {
    await this.control('POST', `/payment_intents/${paymentIntentId(clientSecret)}/authenticate`, { approved });
  }

  /** Every event, oldest first, delivered or not. */
  async events(): Promise<EventObject[]> {
    return (await this.control<{ data: EventObject[] }>('GET', '/events')).data;
  }

  /** The events about one PaymentIntent, oldest first. */
  async eventsOf(clientSecret: string): Promise<EventObject[]> {
    const id = paymentIntentId(clientSecret);
    return (await this.events()).filter(({ data }) => 'id' in data.object && data.object.id === id);
  }

  /** Delivers an event's webhook once more. */
  async resend(eventId: string): Promise<void> {
    await this.control('POST', `/events/${eventId}/resend`);
  }

  /** How webhooks are delivered from now on: delayed, doubled, shuffled, dropped. */
  webhooks(changes: Partial<WebhookBehaviour>): Promise<unknown> {
    return this.control('POST', '/webhooks', changes);
  }

  /** Every request since the start (the last 10,000), oldest first. */
  async requests(): Promise<RecordedRequest[]> {
    return (await this.control<{ data: RecordedRequest[] }>('GET', '/requests')).data;
  }

  /** Transfers of one order to sellers' accounts, newest first. */
  async transfersOf(orderId: string): Promise<TransferObject[]> {
    const url = `${this.url}/v1/transfers?transfer_group=${orderId}&limit=100`;
    const reply = await send<{ data: TransferObject[] }>('GET', url, { headers: SECRET_KEY });
    return bodyOf('listing transfers', reply).data;
  }

  /** The buyer's bank takes the payment back: all of it, or an amount in the currency's smallest unit. */
  openDispute(clientSecret: string, details: DisputeDetails = {}): Promise<DisputeObject> {
    return this.control('POST', '/disputes', { paymentIntent: paymentIntentId(clientSecret), ...details });
  }

  /** The bank decides, for the seller or for its customer. */
  closeDispute(disputeId: string, status: 'won' | 'lost'): Promise<DisputeObject> {
    return this.control('POST', `/disputes/${disputeId}/close`, { status });
  }

  /** The dispute as it is now, with whatever evidence was sent. */
  async dispute(disputeId: string): Promise<DisputeObject> {
    const url = `${this.url}/v1/disputes/${disputeId}`;
    return bodyOf('reading a dispute', await send<DisputeObject>('GET', url, { headers: SECRET_KEY }));
  }

  /** All of a seller's money at Stripe goes to their bank: no transfer can be reversed any more. */
  async emptyConnectedAccount(accountId: string): Promise<void> {
    await this.control('POST', `/accounts/${accountId}/empty`);
  }

  /** Days pass at Stripe: pending money becomes available, authorisations lapse. */
  async advanceClock(advanceMs: number): Promise<void> {
    await this.control('POST', '/clock', { advanceMs });
  }

  private async control<T>(method: string, path: string, body?: unknown): Promise<T> {
    return bodyOf(`${method} ${path}`, await send<T>(method, `${this.url}/_control${path}`, { body }));
  }
}

/** `pi_..._secret_...` carries the PaymentIntent's id. */
export function paymentIntentId(clientSecret: string): string {
  return clientSecret.split('_secret_')[0] ?? '';
}
