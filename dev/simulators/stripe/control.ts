/** What tests and people may do to a running simulator; the routes under /_control are the same, over HTTP. */

import type { WebhookBehaviour } from '../shared/behaviour.ts';
import type { Dispatcher } from '../shared/dispatcher.ts';
import type { FaultRule, Faults } from '../shared/fault-rules.ts';
import type { WebhookEndpoint } from '../shared/post-webhook.ts';
import { emptyAccount, setTransfersCapability } from './engine/accounts.ts';
import { type Balance, balancesOf, moveBalance } from './engine/balances.ts';
import { closeDispute, type OpenDispute, openDispute } from './engine/disputes.ts';
import { authenticatePaymentIntent } from './engine/payment-intents.ts';
import { failRefund } from './engine/refunds.ts';
import type { RecordedRequest, RequestLog } from './http/request-log.ts';
import type { AccountObject, DisputeObject, EventObject, PaymentIntentObject, RefundObject } from './objects.ts';
import { newStripeId, type Simulation } from './simulation.ts';
import { noSuch } from './stripe-fault.ts';

export type SimulatorControl = {
  /** Every request since the start (the last 10,000), oldest first. */
  requests(): readonly RecordedRequest[];
  clearRequests(): void;
  /** Every event, oldest first, sent or not. */
  events(): readonly EventObject[];
  /** Sends it again, even while events are dropped. */
  resendEvent(id: string): EventObject;
  /** Changes how webhooks are delivered; answers with the whole behaviour. */
  webhooks(changes: Partial<WebhookBehaviour>): WebhookBehaviour;
  /** Adds an endpoint, or replaces the one with the same address. */
  addWebhookEndpoint(endpoint: WebhookEndpoint): void;
  endpointUrls(): string[];
  /** Resolves when no webhook is under way or waiting for its next attempt. */
  webhooksIdle(): Promise<void>;
  failNext(rule: FaultRule): void;
  clearFaults(): void;
  /** Pushes the clock forward: authorisations lapse, keys are forgotten. Answers with its new time, epoch ms. */
  advanceClock(ms: number): number;
  /** Puts available money on an account (`platform` or a connected one), in Stripe's amount. */
  addBalance(deposit: { account: string; currency: string; amount: number }): void;
  balances(account: string): ReadonlyMap<string, Balance>;
  authenticate(paymentIntentId: string, approved: boolean): PaymentIntentObject;
  failRefund(refundId: string): RefundObject;
  /** The buyer's bank takes money back; `closeDispute` is its decision. */
  openDispute(dispute: OpenDispute): DisputeObject;
  closeDispute(disputeId: string, status: 'won' | 'lost'): DisputeObject;
  /** A connected account's money goes to its bank, pending or not. */
  emptyConnectedAccount(accountId: string): void;
  setTransfersCapability(accountId: string, status: AccountObject['capabilities']['transfers']): AccountObject;
};

type Parts = {
  simulation: Simulation;
  dispatcher: Dispatcher<EventObject>;
  requestLog: RequestLog;
  faults: Faults;
  /** Does what the passing of time brings about. */
  sweep: () => void;
};

export function createControl({ simulation, dispatcher, requestLog, faults, sweep }: Parts): SimulatorControl {
  const { store, clock } = simulation;
  return {
    requests: requestLog.all,
    clearRequests: requestLog.clear,
    events: () => store.all('events'),
    resendEvent(id) {
      const event = store.get('events', id);
      if (!event) throw noSuch('event', id);
      dispatcher.deliver(event);
      return event;
    },
    webhooks: dispatcher.configure,
    addWebhookEndpoint: dispatcher.addEndpoint,
    endpointUrls: () => dispatcher.endpoints().map(({ url }) => url),
    webhooksIdle: dispatcher.idle,
    failNext: faults.add,
    clearFaults: faults.clear,
    advanceClock(ms) {
      clock.advance(ms);
      sweep();
      return clock.now();
    },
    addBalance({ account, currency, amount }) {
      const source = newStripeId('tu');
      moveBalance(simulation, {
        account,
        currency: currency.toLowerCase(),
        net: amount,
        availableOn: clock.now(),
        source,
      });
    },
    balances: (account) => balancesOf(simulation, account),
    authenticate: (id, approved) => authenticatePaymentIntent(simulation, id, approved),
    failRefund: (id) => failRefund(simulation, id),
    openDispute: (dispute) => openDispute(simulation, dispute),
    closeDispute: (id, status) => closeDispute(simulation, id, status),
    emptyConnectedAccount: (id) => emptyAccount(simulation, id),
    setTransfersCapability: (id, status) => setTransfersCapability(simulation, id, status),
  };
}
