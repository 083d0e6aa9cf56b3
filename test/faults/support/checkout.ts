/** Checkouts as careful clients make them: each request has a key and is repeated with it until it is answered. */

import { persist } from '../../../dev/client/persist.ts';
import type { Product } from '../../../dev/client/resources.ts';
import { type E2eStack, onlyPart, secretOf } from '../../e2e/support/e2e-stack.ts';

/**
 * Longer than everything that a dead process can hold up: its keys, its claims, its workflow tasks. A hundred clients
 * look, so they look seldom.
 */
const PATIENCE = { timeoutMs: 120_000, pollMs: 2_500 };

type CheckoutRun = { e2e: E2eStack; product: Product; signal: AbortSignal };

type Step = 'sent' | 'placed' | 'paid' | 'held' | 'shipped' | 'completed';

/** Checkouts of one product that began at the same moment. */
export type Batch = {
  product: Product;
  keys: readonly string[];
  /** How many checkouts have come that far. */
  reached: Readonly<Record<Step, number>>;
  /** Resolves when every one is completed. */
  ended: Promise<void>;
};

/** What a client was told: the order that its key stands for. */
export type Answer = { key: string; orderId: string };

/** Starts that many checkouts at once, each of one unit: ordered, paid, shipped, confirmed. Given up on the signal. */
export function startCheckouts(e2e: E2eStack, product: Product, count: number, signal: AbortSignal): Batch {
  const keys = Array.from({ length: count }, () => crypto.randomUUID());
  const reached = { sent: 0, placed: 0, paid: 0, held: 0, shipped: 0, completed: 0 };
  const run = { e2e, product, signal };
  const ended = Promise.all(
    keys.map((key) =>
      checkOut(run, key, (step) => {
        reached[step] += 1;
      }),
    ),
  ).then(() => undefined);
  // Whoever awaits it sees a failure; until then it must not end the process.
  ended.catch(() => undefined);
  return { product, keys, reached, ended };
}

async function checkOut({ e2e, product, signal }: CheckoutRun, key: string, on: (step: Step) => void): Promise<void> {
  const { buyer, seller, simulator } = e2e;
  const doggedly = <T>(call: () => Promise<T>): Promise<T> =>
    persist(() => {
      signal.throwIfAborted();
      return call();
    }, PATIENCE);
  const placing = doggedly(() => buyer.placeOrder(orderOf(product), key));
  on('sent');
  const placed = await placing;
  const { id: orderId } = placed.order;
  const { id: partId } = onlyPart(placed);
  on('placed');
  await simulator.pay(secretOf(placed));
  on('paid');
  await doggedly(() => buyer.waitForOrder(orderId, 'paid_in_escrow', PATIENCE));
  on('held');
  await doggedly(() => seller.ship(partId, `ship ${key}`));
  on('shipped');
  await doggedly(() => buyer.confirmDelivery(partId, `confirm ${key}`));
  await doggedly(() => buyer.waitForOrder(orderId, 'completed', PATIENCE));
  on('completed');
}

/** Sends the orders of a batch once more, with the same keys. */
export function placeAgain({ buyer }: E2eStack, { product, keys }: Batch): Promise<Answer[]> {
  return Promise.all(
    keys.map(async (key) => {
      const { order } = await persist(() => buyer.placeOrder(orderOf(product), key), PATIENCE);
      return { key, orderId: order.id };
    }),
  );
}

function orderOf({ listingId }: Product) {
  return { lines: [{ listingId, quantity: 1 }] };
}
