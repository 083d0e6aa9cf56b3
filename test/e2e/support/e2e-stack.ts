/** The real stack for one test file: its own Postgres, Temporal, simulator, workers and API, in a throw-away folder. */

import type { MikroORM } from '@mikro-orm/postgresql';
import { initOrm } from '../../../db/orm.ts';
import { HoldfastClient } from '../../../dev/client/holdfast-client.ts';
import type { PlacedOrder, Product } from '../../../dev/client/resources.ts';
import { SimulatorClient } from '../../../dev/client/simulator-client.ts';
import { ephemeralPorts } from '../../../dev/settings.ts';
import { type Stack, startStack, temporaryHome } from '../../../dev/stack.ts';

/** Start and stop of a whole stack, on a machine that does other things besides. */
export const STACK_TIMEOUT_MS = 90_000;

/** A running stack with people in it: nobody races a clock, since a day is a day here. */
export type E2eStack = {
  stack: Stack;
  orm: MikroORM;
  simulator: SimulatorClient;
  visitor: HoldfastClient;
  buyer: HoldfastClient;
  /** Has an account at Stripe. */
  seller: HoldfastClient;
  stranger: HoldfastClient;
  /** Goods in a new shop of the seller's: ten, for 60.00 USD each, in the channel `multi-vendor`. */
  offer(details?: { channel?: string; stock?: number; amountMinor?: number }): Promise<Product>;
  /** An order of one unit, not paid. */
  order(product: Product): Promise<PlacedOrder>;
  /** An order of one unit, paid and held. */
  paidOrder(product: Product): Promise<PlacedOrder>;
  stop(): Promise<void>;
};

/** Call it in beforeAll with STACK_TIMEOUT_MS, and `stop` in afterAll. */
export async function startE2eStack(): Promise<E2eStack> {
  const { home, remove } = temporaryHome();
  const stack = await startStack({ home, ports: await ephemeralPorts() }).catch((error: unknown) => {
    remove();
    throw error;
  });
  const orm = await initOrm(stack.urls.database, { pool: { max: 2 }, asOwner: true });
  const visitor = new HoldfastClient({ api: stack.urls.api });
  const simulator = new SimulatorClient(stack.urls.simulator ?? '');
  const [buyer, seller, stranger] = await Promise.all([
    visitor.logIn('buyer@holdfast.test'),
    visitor.logIn('seller@holdfast.test'),
    visitor.register('Sam Stranger'),
  ]);

  const order: E2eStack['order'] = ({ listingId }) => buyer.placeOrder({ lines: [{ listingId, quantity: 1 }] });
  return {
    stack,
    orm,
    simulator,
    visitor,
    buyer,
    seller,
    stranger,
    order,
    async offer({ channel, stock = 10, amountMinor = 6_000 } = {}) {
      const shop = await seller.openShop('Walk Goods', channel);
      const price = { amountMinor, currency: 'USD' } as const;
      return seller.listProduct({ shopId: shop.id, title: 'Stoneware plate', price, stock });
    },
    async paidOrder(product) {
      const placed = await order(product);
      await simulator.pay(secretOf(placed));
      await buyer.waitForOrder(placed.order.id, 'paid_in_escrow');
      return placed;
    },
    async stop() {
      await orm.close();
      await stack.stop();
      remove();
    },
  };
}

/** What to pay with. */
export function secretOf({ payment }: PlacedOrder): string {
  if (payment?.clientSecret === undefined) throw new Error('the order says nothing about how to pay it');
  return payment.clientSecret;
}

/** The only part of an order with one vendor. */
export function onlyPart({ order: { vendorOrders } }: PlacedOrder): PlacedOrder['order']['vendorOrders'][number] {
  const [part] = vendorOrders;
  if (part === undefined) throw new Error('the order has no vendor order');
  return part;
}
