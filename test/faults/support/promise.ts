/** What is promised of checkouts, whatever was killed meanwhile: checked on plain facts, so that a test can break them. */

import type { Answer } from './checkout.ts';

/** An order of the checkouts with what it has caused, by count. */
export type OrderFacts = {
  id: string;
  status: string;
  paymentIntents: number;
  succeededPaymentIntents: number;
  refunds: number;
  paidJournals: number;
  releaseJournals: number;
  escrows: number;
};

/** `offered` units at the start, `ordered` by the checkouts. */
export type StockFacts = {
  listingId: string;
  offered: number;
  ordered: number;
  stock: number;
  reserved: number;
  sold: number;
};

/** Everything the promise is about, as it was found. */
export type Facts = {
  keys: readonly string[];
  /** What the clients were told when they asked once more. */
  answers: readonly Answer[];
  orders: readonly OrderFacts[];
  stock: readonly StockFacts[];
  /** Invariants of the books that do not hold. */
  brokenInvariants: readonly string[];
  /** Webhooks nobody has dealt with. */
  openWebhooks: readonly { eventId: string; status: string }[];
  /** Workflows of the orders and their escrows that ended in any other way than by completing. */
  failedWorkflows: readonly { workflowId: string; status: string }[];
};

const ONCE = ['paymentIntents', 'succeededPaymentIntents', 'paidJournals', 'releaseJournals', 'escrows'] as const;

/** What is not as promised, in sentences; empty when the promise is kept. */
export function brokenPromises(facts: Facts): string[] {
  return [
    ...brokenIdentity(facts),
    ...facts.orders.flatMap(brokenOrder),
    ...facts.stock.flatMap(brokenStock),
    ...facts.brokenInvariants.map((name) => `the ledger audit: not so: ${name}`),
    ...facts.openWebhooks.map(({ eventId, status }) => `webhook ${eventId} is ${status}`),
    ...facts.failedWorkflows.map(({ workflowId, status }) => `workflow ${workflowId} is ${status}`),
  ];
}

/** One order per key, one key per order. */
function brokenIdentity({ keys, answers, orders }: Facts): string[] {
  const broken: string[] = [];
  if (orders.length !== keys.length) broken.push(`${keys.length} keys made ${orders.length} orders`);
  const stored = new Set(orders.map(({ id }) => id));
  const told = new Map<string, string>();
  for (const { key, orderId } of answers) {
    if (!stored.has(orderId)) broken.push(`key ${key} was answered with order ${orderId}, which is not stored`);
    const other = told.get(orderId);
    if (other !== undefined && other !== key) broken.push(`keys ${other} and ${key} share order ${orderId}`);
    told.set(orderId, key);
  }
  for (const key of keys) {
    const distinct = new Set(answers.filter((answer) => answer.key === key).map(({ orderId }) => orderId));
    if (distinct.size !== 1) broken.push(`key ${key} was answered with ${distinct.size} orders`);
  }
  return broken;
}

function brokenOrder(order: OrderFacts): string[] {
  const broken: string[] = [];
  if (order.status !== 'completed') broken.push(`order ${order.id} is ${order.status}`);
  for (const what of ONCE) if (order[what] !== 1) broken.push(`order ${order.id} has ${what}: ${order[what]}`);
  if (order.refunds !== 0) broken.push(`order ${order.id} has refunds: ${order.refunds}`);
  return broken;
}

function brokenStock({ listingId, offered, ordered, stock, reserved, sold }: StockFacts): string[] {
  const found = { stock, reserved, sold };
  const promised = { stock: offered - ordered, reserved: 0, sold: ordered };
  const differs = Object.entries(promised).some(([name, units]) => found[name as keyof typeof found] !== units);
  return differs ? [`listing ${listingId} has ${JSON.stringify(found)} instead of ${JSON.stringify(promised)}`] : [];
}
