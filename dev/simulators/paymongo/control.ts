/** What tests and people may do to a running simulator; the routes under /_control are the same, over HTTP. */

import type { WebhookBehaviour } from '../shared/behaviour.ts';
import type { Dispatcher } from '../shared/dispatcher.ts';
import type { FaultRule, Faults } from '../shared/fault-rules.ts';
import type { WebhookEndpoint } from '../shared/post-webhook.ts';
import { answerApproval, lapseApprovals } from './engine/payment-intents.ts';
import { createRefund, requirePayment, settleRefund, withRefunds } from './engine/refunds.ts';
import type { RecordedRequest } from './faults.ts';
import type { EventObject, IntentObject, RefundObject } from './objects.ts';
import { noSuch } from './paymongo-fault.ts';
import type { Simulation, SimulationSettings } from './simulation.ts';

export type SimulatorControl = {
  /** Every request to the API since the start (the last 10,000), oldest first. */
  requests(): readonly RecordedRequest[];
  /** Every event, oldest first, sent or not. */
  events(): readonly EventObject[];
  /** Sends it again, even while events are dropped. */
  resendEvent(id: string): EventObject;
  /** Changes how webhooks are delivered; answers with the whole behaviour. */
  webhooks(changes: Partial<WebhookBehaviour>): WebhookBehaviour;
  /** Adds an endpoint, or replaces the one with the same address. */
  addWebhookEndpoint(endpoint: WebhookEndpoint): void;
  /** Resolves when no webhook is under way or waiting for its next attempt. */
  webhooksIdle(): Promise<void>;
  failNext(rule: FaultRule): void;
  clearFaults(): void;
  /** Pushes the clock forward: approvals lapse. Answers with its new time, epoch ms. */
  advanceClock(ms: number): number;
  configure(changes: Partial<SimulationSettings>): SimulationSettings;
  /** The buyer's word on the page at this address. */
  approve(approvalUrl: string, outcome: 'pay' | 'fail'): IntentObject;
  /** A refund from the dashboard, of all that is left unless an amount is given. */
  refund(refund: { payment: string; amount?: number | undefined }): RefundObject;
  settleRefund(id: string, status: 'succeeded' | 'failed'): RefundObject;
};

type Parts = {
  simulation: Simulation;
  dispatcher: Dispatcher<EventObject>;
  requests: readonly RecordedRequest[];
  faults: Faults;
};

export function createControl({ simulation, dispatcher, requests, faults }: Parts): SimulatorControl {
  const { store, clock, settings } = simulation;
  return {
    requests: () => requests,
    events: () => store.all('events'),
    resendEvent(id) {
      const event = store.get('events', id);
      if (!event) throw noSuch('event', id);
      dispatcher.deliver(event);
      return event;
    },
    webhooks: dispatcher.configure,
    addWebhookEndpoint: dispatcher.addEndpoint,
    webhooksIdle: dispatcher.idle,
    failNext: faults.add,
    clearFaults: faults.clear,
    advanceClock(ms) {
      clock.advance(ms);
      lapseApprovals(simulation);
      return clock.now();
    },
    configure: (changes) => Object.assign(settings, changes),
    approve: (url, outcome) => answerApproval(simulation, url.split('/').at(-1) ?? '', outcome),
    refund({ payment: id, amount }) {
      const { id: paymentId, attributes } = withRefunds(simulation, requirePaid(simulation, id));
      const given = attributes.refunds.filter((refund) => refund.attributes.status === 'succeeded');
      const left = given.reduce((rest, refund) => rest - refund.attributes.amount, attributes.amount);
      const reason = 'requested_by_customer';
      return createRefund(simulation, { payment_id: paymentId, amount: amount ?? left, reason });
    },
    settleRefund: (id, status) => settleRefund(simulation, id, status),
  };
}

/** By its own id, or its intent's. */
function requirePaid(simulation: Simulation, id: string) {
  if (!id.startsWith('pi_')) return requirePayment(simulation, id);
  const paid = simulation.store
    .all('payments')
    .find(({ attributes }) => attributes.payment_intent_id === id && attributes.status === 'paid');
  if (!paid) throw noSuch('payment', id);
  return paid;
}
