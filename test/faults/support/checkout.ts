/** Checkouts as careful clients make them: each request has a key and is repeated with it until it is answered. */

import { persist } from '../../../dev/client/persist.ts';
import type { Product } from '../../../dev/client/resources.ts';
import { type E2eStack, onlyPart, secretOf } from '../../e2e/support/e2e-stack.ts';

/** Longer than everything that a dead process can hold up: its keys, its claims, its workflow tasks. */
const PATIENCE = { timeoutMs: 120_000 };

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

/** Starts that many checkouts at once, each of one unit: ordered, paid, shipped, confirmed. */
export function startCheckouts(e2e: E2eStack, product: Product, count: number): Batch {
  const keys = Array.from({ length: count }, () => crypto.randomUUID());
  const reached = { sent: 0, placed: 0, paid: 0, held: 0, shipped: 0, completed: 0 };
  const ended = Promise.all(
    keys.map((key) =>
      checkOut(e2e, product, key, (step) => {
        reached[step] += 1;
      }),
    ),
  );
  return { product, keys, reached, ended: ended.then(() => undefined) };
}

async function checkOut(
  { buyer, seller, simulator }: E2eStack,
  product: Product,
  key: string,
  on: (step: Step) => void,
): Promise<void> {
  const placing = persist(() => buyer.placeOrder(orderOf(product), key), PATIENCE);
  on('sent');
  const placed = await placing;
  const { id: orderId } = placed.order;
  const { id: partId } = onlyPart(placed);
  on('placed');
  await simulator.pay(secretOf(placed));
  on('paid');
  await persist(() => buyer.waitForOrder(orderId, 'paid_in_escrow', PATIENCE), PATIENCE);
  on('held');
  await persist(() => seller.ship(partId, `ship ${key}`), PATIENCE);
  on('shipped');
  await persist(() => buyer.confirmDelivery(partId, `confirm ${key}`), PATIENCE);
  await persist(() => buyer.waitForOrder(orderId, 'completed', PATIENCE), PATIENCE);
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
