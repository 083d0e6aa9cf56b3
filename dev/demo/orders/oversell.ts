/** Fifty buyers want the last ten at the same moment. */

import { UnexpectedReply } from '../../client/request.ts';
import type { PlacedOrder, Product } from '../../client/resources.ts';
import { onlyPart, secretOf } from '../acts.ts';
import type { ExpectedJournal } from '../books.ts';
import type { Journey } from '../journey.ts';
import type { Person, Stage } from '../stage.ts';

const BUYERS = 50;
const STOCK = 10;

const JOURNALS: readonly ExpectedJournal[] = [
  { kind: 'payment_captured', lines: { 'world:stripe': -2_000, 'hold:Ana': 2_000 } },
  { kind: 'hold_released', lines: { 'hold:Ana': -2_000, 'wallet:Ana': 1_800, 'revenue:commission': 200 } },
];

type Sale = { buyer: Person; placed: PlacedOrder };

export const OVERSELL: Journey = {
  name: 'oversell',
  title: `${BUYERS} buyers at once for a stock of ${STOCK}`,
  alone: true,
  async play(stage) {
    const ana = await stage.newcomer('Ana');
    const buyers = await Promise.all(
      Array.from({ length: BUYERS }, (_, index) => stage.newcomer(`Buyer ${index + 1}`)),
    );
    const price = { amountMinor: 2_000, currency: 'USD' } as const;
    const goods = await stage.offer(ana, { title: 'Print, numbered', price, stock: STOCK });

    const outcomes = await Promise.all(buyers.map((buyer) => tryToBuy(stage, buyer, goods)));
    const sales = outcomes.filter((outcome) => typeof outcome !== 'string');
    const refusals = outcomes.filter((outcome) => typeof outcome === 'string');
    stage.expect('orders placed', sales.length, STOCK);
    stage.expect('the refusals', new Set(refusals), new Set(['409 out_of_stock']));
    stage.tell(
      `${BUYERS} buyers order at once: ${sales.length} get an order and pay, ${refusals.length} get 409 out_of_stock.`,
    );

    await Promise.all(sales.map(({ buyer, placed }) => buyer.client.waitForOrder(placed.order.id, 'paid_in_escrow')));
    const { stock, available } = await stage.visitor.product(goods.id);
    stage.expect('stock left', { stock, available }, { stock: 0, available: 0 });
    await Promise.all(sales.map((sale) => receive(ana, sale)));
    stage.tell('Ana ships all ten, every buyer confirms the delivery, every hold is released.');
    await stage.expectSameJournals(
      sales.map(({ placed }) => placed.order),
      JOURNALS,
    );
  },
};

/** The sale, or the refusal in words. Whoever gets an order pays at once. */
async function tryToBuy(stage: Stage, buyer: Person, { listingId }: Product): Promise<Sale | string> {
  try {
    const placed = await buyer.client.placeOrder({ lines: [{ listingId, quantity: 1 }] });
    await stage.simulator.pay(secretOf(placed));
    return { buyer, placed };
  } catch (error) {
    if (error instanceof UnexpectedReply && error.code !== '') return `${error.status} ${error.code}`;
    throw error;
  }
}

async function receive(seller: Person, { buyer, placed }: Sale): Promise<void> {
  const { id, escrowId } = onlyPart(placed);
  await seller.client.ship(id);
  await buyer.client.confirmDelivery(id);
  await buyer.client.waitForEscrow(escrowId, 'released');
}
