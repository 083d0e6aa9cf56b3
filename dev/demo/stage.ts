/** Where one journey plays: its people, its goods, its story so far, and its look into the books. */

import { isDeepStrictEqual } from 'node:util';
import { refreshLeaderboards } from '../../db/forecasters/refresh-leaderboards.ts';
import type { EntityManager } from '../../db/orm.ts';
import type { MarketId, PurchaseId } from '../../domain/ids.ts';
import { HoldfastClient } from '../client/holdfast-client.ts';
import { PaymongoClient } from '../client/paymongo-client.ts';
import type { NewProduct, Order, Product } from '../client/resources.ts';
import { SimulatorClient } from '../client/simulator-client.ts';
import { waitFor } from '../client/wait-for.ts';
import { describeJournal, type ExpectedJournal, readJournals } from './books.ts';
import { describeSums, type Sums, sumsOfMarket, sumsOfPurchase } from './pilimarket/books.ts';

/** What all journeys share. */
export type Setting = { api: string; simulator: string; paymongo: string; em: EntityManager };

export type Person = { id: string; name: string; client: HoldfastClient };

type BookedOrder = Pick<Order, 'id' | 'total' | 'vendorOrders'>;

type Goods = Pick<NewProduct, 'title' | 'price'> & Partial<NewProduct>;

/** Journeys share the stack, but no people and no goods, except the demo's sellers with an account at Stripe. */
export class Stage {
  readonly story: string[] = [];
  /** How many journals were found as expected. */
  journals = 0;
  readonly visitor: HoldfastClient;
  readonly simulator: SimulatorClient;
  /** GCash and Maya, as their customers have them. */
  readonly wallets: PaymongoClient;
  private readonly api: string;
  private readonly em: EntityManager;
  private readonly names = new Map<string, string>();

  constructor({ api, simulator, paymongo, em }: Setting) {
    this.visitor = new HoldfastClient({ api, careful: true });
    this.simulator = new SimulatorClient(simulator);
    this.wallets = new PaymongoClient(paymongo);
    this.api = api;
    this.em = em;
  }

  tell(sentence: string): void {
    this.story.push(sentence);
  }

  /** Someone who has just registered. */
  async newcomer(name: string): Promise<Person> {
    return this.introduce(name, await this.visitor.register(name));
  }

  /** A seller of the demo data, with an account at Stripe. */
  demoSeller(name: string): Promise<Person> {
    return this.demoAccount(name, 'seller@holdfast.test');
  }

  /** Anybody of the demo data: those who decide, and sellers that no other journey may have. */
  async demoAccount(name: string, email: string): Promise<Person> {
    return this.introduce(name, await this.visitor.logIn(email));
  }

  /** Goods in a new shop, in the channel `multi-vendor` unless another is named. */
  async offer(seller: Person, { channel, ...product }: Goods & { channel?: string }): Promise<Product> {
    const shop = await seller.client.openShop(`${seller.name}'s shop`, channel);
    return await seller.client.listProduct({ stock: 10, ...product, shopId: shop.id });
  }

  /** Two kinds of goods in one new shop: one vendor order with two lines. */
  async offerTwo(seller: Person, channel: string, [one, two]: readonly [Goods, Goods]): Promise<[Product, Product]> {
    const first = await this.offer(seller, { ...one, channel });
    return [first, await seller.client.listProduct({ stock: 10, ...two, shopId: first.shopId })];
  }

  /** The API's metrics, in Prometheus' text form. */
  async metrics(): Promise<string> {
    return await (await fetch(`${this.api}/metrics`)).text();
  }

  /** Throws unless the two are equal. */
  expect(what: string, actual: unknown, expected: unknown): void {
    if (isDeepStrictEqual(actual, expected)) return;
    throw new Error(`${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(actual)}`);
  }

  /**
   * Tells the order's journals and throws unless they are exactly the expected ones. Their sequence does not count: two
   * holds may be released at the same time.
   */
  async expectJournals(order: BookedOrder, expected: readonly ExpectedJournal[]): Promise<void> {
    await this.expectSameJournals([order], expected);
  }

  /** The same for several orders (at least one) with the same journals, told once. */
  async expectSameJournals(orders: readonly BookedOrder[], expected: readonly ExpectedJournal[]): Promise<void> {
    const currency = orders[0]?.total.currency ?? 'USD';
    const wanted = expected.map((journal) => describeJournal(journal, currency));
    const each = orders.length === 1 ? '' : ` of each of the ${orders.length} orders`;
    this.tell(`The ledger's journals${each}, in ${currency}:${wanted.length === 0 ? ' none.' : ''}`);
    for (const [index, order] of orders.entries()) {
      const found = await this.journalsOf(order);
      const differs = !isDeepStrictEqual(found.toSorted(), wanted.toSorted());
      if (index === 0 || differs) this.story.push(...found.map((journal) => `    ${journal}`));
      if (differs) throw new Error(`the journals of ${order.id} should be:\n    ${wanted.join('\n    ')}`);
      this.journals += found.length;
    }
  }

  /** Throws unless exactly this moved for a purchase of chips: sums by kind and account. */
  async expectPurchase(id: string, expected: Sums): Promise<void> {
    const kinds = Object.keys(expected).length;
    const found = await waitFor(
      'every journal of the purchase is written',
      () => sumsOfPurchase(this.em, id as PurchaseId),
      // A bank's fee is booked a moment after the chips have gone.
      (sums) => Object.keys(sums).length >= kinds,
    );
    this.expectSums(found, expected);
  }

  /** Throws unless exactly this moved into a market's pool and out of it: sums by kind and account. */
  async expectMarket(id: string, expected: Sums): Promise<void> {
    this.expectSums(await sumsOfMarket(this.em, id as MarketId), expected);
  }

  /** What the schedule does every five minutes. */
  refreshLeaderboards(): Promise<unknown> {
    return refreshLeaderboards(this.em);
  }

  private expectSums(found: Sums, expected: Sums): void {
    const kinds = Object.entries(found);
    this.tell('The ledger, summed by kind of journal:');
    for (const [kind, lines] of kinds) this.story.push(`    ${kind}: ${describeSums(lines)}`);
    this.expect('the journals', found, expected);
    this.journals += kinds.length;
  }

  private async journalsOf(order: BookedOrder): Promise<string[]> {
    const nameOf = (userId: string) => this.names.get(userId) ?? userId;
    const journals = await readJournals(this.em, order, nameOf);
    return journals.map((journal) => describeJournal(journal, order.total.currency));
  }

  private async introduce(name: string, client: HoldfastClient): Promise<Person> {
    const { id } = await client.me();
    this.names.set(id, name);
    return { id, name, client };
  }
}
