/** Everything a client may get wrong, as data: how it is sent, and with which status and code it is refused. */

import { orderBody } from '../../../dev/client/holdfast-client.ts';
import type { Reply } from '../../../dev/client/request.ts';
import type { PlacedOrder, Product } from '../../../dev/client/resources.ts';
import { signPayload } from '../../../dev/simulators/stripe/webhooks/sign.ts';
import type { ErrorCode } from '../../../domain/error-codes.ts';
import { type E2eStack, onlyPart } from '../support/e2e-stack.ts';

/** What the requests are about: goods for sale, goods that are sold out, and one order in each state of interest. */
export type Scene = {
  e2e: E2eStack;
  goods: Product;
  soldOut: Product;
  dear: Product;
  unpaid: PlacedOrder;
  /** The key `unpaid` was placed with. */
  usedKey: string;
  held: PlacedOrder;
  shipped: PlacedOrder;
  released: PlacedOrder;
};

export type BadInput = {
  title: string;
  send(scene: Scene): Promise<Reply<unknown>>;
  status: number;
  code: ErrorCode;
};

/** Some well-formed listing that nobody has. */
const NOBODYS = 'lst_01jf9z3m4n5p6q7r8s9t0v1w2x';
const EVENT_TYPE = 'payment_intent.succeeded';

const key = () => crypto.randomUUID();

/** An order for the goods with one part of its body changed. */
function placing(scene: Scene, change: Record<string, unknown>, idempotencyKey?: string): Promise<Reply<unknown>> {
  const body = { ...orderBody({ lines: [{ listingId: scene.goods.listingId, quantity: 1 }] }), ...change };
  return scene.e2e.buyer.request('POST', '/orders', { body, idempotencyKey: idempotencyKey ?? key() });
}

function listing(scene: Scene, change: Record<string, unknown>): Promise<Reply<unknown>> {
  const { shopId } = scene.goods;
  const price = { amountMinor: 100, currency: 'USD' };
  const product = { shopId, title: 'Bad', description: '', kind: 'physical', price, stock: 1, ...change };
  return scene.e2e.seller.request('POST', '/products', { body: product });
}

/** A webhook that says the unpaid order is paid, signed with the given secret at the given age. */
function forgedWebhook({ e2e, unpaid }: Scene, secret: string, ageSeconds: number): Promise<Reply<unknown>> {
  const metadata = { payment_id: unpaid.payment?.id, order_id: unpaid.order.id };
  const object = { id: 'pi_forged', object: 'payment_intent', status: 'succeeded', metadata };
  const event = { id: `evt_${key()}`, object: 'event', type: EVENT_TYPE, livemode: false, data: { object } };
  const rawBody = JSON.stringify(event);
  const signature = signPayload(rawBody, [secret], Math.floor(Date.now() / 1000) - ageSeconds);
  const headers = { 'content-type': 'application/json', 'stripe-signature': signature };
  return e2e.visitor.request('POST', '/webhooks/stripe', { rawBody, headers });
}

const REQUESTS: readonly BadInput[] = [
  {
    title: 'malformed JSON',
    send: ({ e2e }) =>
      e2e.buyer.request('POST', '/orders', {
        rawBody: '{"lines": [',
        headers: { 'content-type': 'application/json' },
        idempotencyKey: key(),
      }),
    status: 400,
    code: 'malformed_json',
  },
  {
    title: 'a body that is not JSON by its type',
    send: ({ e2e }) =>
      e2e.buyer.request('POST', '/orders', {
        rawBody: 'lines=1',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        idempotencyKey: key(),
      }),
    status: 415,
    code: 'unsupported_media_type',
  },
  {
    title: 'a body without end',
    send: (scene) => placing(scene, { shippingAddress: { name: 'x'.repeat(300_000) } }),
    status: 413,
    code: 'payload_too_large',
  },
  {
    title: 'no token',
    send: ({ e2e, held }) =>
      e2e.visitor.request('POST', `/vendor-orders/${onlyPart(held).id}/confirm-delivery`, { body: {} }),
    status: 401,
    code: 'unauthenticated',
  },
  {
    title: 'a forged token',
    send: ({ e2e }) => e2e.visitor.as({ accessToken: 'eyJhbGciOiJub25lIn0.e30.' }).request('GET', '/orders'),
    status: 401,
    code: 'unauthenticated',
  },
];

const VALUES: readonly BadInput[] = [
  {
    title: 'an unknown field',
    send: (scene) => placing(scene, { commissionBps: 0 }),
    status: 422,
    code: 'validation_failed',
  },
  {
    title: 'a quantity in quotes',
    send: (scene) => placing(scene, { lines: [{ listingId: scene.goods.listingId, quantity: '1' }] }),
    status: 422,
    code: 'validation_failed',
  },
  {
    title: 'a negative quantity',
    send: (scene) => placing(scene, { lines: [{ listingId: scene.goods.listingId, quantity: -1 }] }),
    status: 422,
    code: 'validation_failed',
  },
  {
    title: 'a negative price',
    send: (scene) => listing(scene, { price: { amountMinor: -100, currency: 'USD' } }),
    status: 422,
    code: 'validation_failed',
  },
  {
    title: 'an amount beyond the safe integers',
    send: (scene) => listing(scene, { price: { amountMinor: 2 ** 53, currency: 'USD' } }),
    status: 422,
    code: 'validation_failed',
  },
  {
    title: 'a total beyond the safe integers',
    send: (scene) => placing(scene, { lines: [{ listingId: scene.dear.listingId, quantity: 10_000 }] }),
    status: 422,
    code: 'amount_out_of_range',
  },
  {
    title: 'another currency than the channel has',
    send: (scene) => listing(scene, { price: { amountMinor: 100, currency: 'EUR' } }),
    status: 422,
    code: 'currency_not_supported',
  },
  {
    title: 'an unknown listing',
    send: (scene) => placing(scene, { lines: [{ listingId: NOBODYS, quantity: 1 }] }),
    status: 404,
    code: 'listing_not_found',
  },
  {
    title: 'goods that are gone',
    send: (scene) => placing(scene, { lines: [{ listingId: scene.soldOut.listingId, quantity: 1 }] }),
    status: 409,
    code: 'out_of_stock',
  },
  {
    title: 'a way to pay that the channel does not offer',
    send: (scene) => placing(scene, { payment: { provider: 'wallet' } }),
    status: 422,
    code: 'payment_provider_not_offered',
  },
  {
    title: 'a used key with another body',
    send: (scene) => placing(scene, { lines: [{ listingId: scene.goods.listingId, quantity: 3 }] }, scene.usedKey),
    status: 422,
    code: 'idempotency_key_reused',
  },
  {
    title: 'no key where one is required',
    send: ({ e2e, goods }) => {
      const body = orderBody({ lines: [{ listingId: goods.listingId, quantity: 1 }] });
      return e2e.buyer.request('POST', '/orders', { body });
    },
    status: 400,
    code: 'idempotency_key_required',
  },
];

const PEOPLE: readonly BadInput[] = [
  {
    title: "another user's order, to cancel",
    send: ({ e2e, unpaid }) => e2e.stranger.request('POST', `/orders/${unpaid.order.id}/cancel`, { body: {} }),
    status: 404,
    code: 'order_not_found',
  },
  {
    title: "another user's order, to pay",
    send: ({ e2e, unpaid }) =>
      e2e.stranger.request('POST', `/orders/${unpaid.order.id}/payments`, { body: { provider: 'stripe' } }),
    status: 404,
    code: 'order_not_found',
  },
  {
    title: "another seller's vendor order, to ship",
    send: ({ e2e, held }) =>
      e2e.stranger.request('POST', `/vendor-orders/${onlyPart(held).id}/ship`, {
        body: { carrier: 'DHL', trackingNumber: 'X1' },
      }),
    status: 404,
    code: 'vendor_order_not_found',
  },
  {
    title: 'a seller who confirms the delivery in place of the buyer',
    send: ({ e2e, shipped }) =>
      e2e.seller.request('POST', `/vendor-orders/${onlyPart(shipped).id}/confirm-delivery`, { body: {} }),
    status: 403,
    code: 'forbidden',
  },
  {
    title: 'a release by someone who is no administrator',
    send: ({ e2e, held }) =>
      e2e.seller.request('POST', `/admin/escrows/${onlyPart(held).escrowId}/release`, { body: { reason: 'mine' } }),
    status: 403,
    code: 'forbidden',
  },
  {
    title: "another seller's shop, to list goods in",
    send: ({ e2e, goods }) =>
      e2e.stranger.request('POST', '/products', {
        body: {
          shopId: goods.shopId,
          title: 'Cuckoo',
          description: '',
          kind: 'physical',
          price: { amountMinor: 1, currency: 'USD' },
          stock: 1,
        },
      }),
    status: 404,
    code: 'shop_not_found',
  },
  {
    title: "another seller's listing, to make cheaper",
    send: ({ e2e, goods }) =>
      e2e.stranger.request('PATCH', `/listings/${goods.listingId}`, {
        body: { price: { amountMinor: 1, currency: 'USD' } },
      }),
    status: 404,
    code: 'listing_not_found',
  },
];

const STATES: readonly BadInput[] = [
  {
    title: 'shipping what is not paid',
    send: ({ e2e, unpaid }) =>
      e2e.seller.request('POST', `/vendor-orders/${onlyPart(unpaid).id}/ship`, {
        body: { carrier: 'DHL', trackingNumber: 'X1' },
      }),
    status: 409,
    code: 'illegal_transition',
  },
  {
    title: 'confirming a delivery before anything was shipped',
    send: ({ e2e, held }) =>
      e2e.buyer.request('POST', `/vendor-orders/${onlyPart(held).id}/confirm-delivery`, { body: {} }),
    status: 409,
    code: 'not_delivered_yet',
  },
  {
    title: 'shipping twice',
    send: ({ e2e, shipped }) =>
      e2e.seller.request('POST', `/vendor-orders/${onlyPart(shipped).id}/ship`, {
        body: { carrier: 'DHL', trackingNumber: 'X2' },
      }),
    status: 409,
    code: 'already_shipped',
  },
  {
    title: 'cancelling what is shipped',
    send: ({ e2e, shipped }) => e2e.buyer.request('POST', `/orders/${shipped.order.id}/cancel`, { body: {} }),
    status: 409,
    code: 'order_not_cancellable',
  },
  {
    title: 'paying a paid order',
    send: ({ e2e, held }) =>
      e2e.buyer.request('POST', `/orders/${held.order.id}/payments`, { body: { provider: 'stripe' } }),
    status: 409,
    code: 'order_already_paid',
  },
  {
    title: 'confirming the delivery of a finished order with a new request',
    send: ({ e2e, released }) =>
      e2e.buyer.request('POST', `/vendor-orders/${onlyPart(released).id}/confirm-delivery`, { body: {} }),
    status: 409,
    code: 'illegal_transition',
  },
];

const WEBHOOKS: readonly BadInput[] = [
  {
    title: 'a webhook with a forged signature',
    send: (scene) => forgedWebhook(scene, 'whsec_somebody_elses', 0),
    status: 400,
    code: 'signature_invalid',
  },
  {
    title: 'a webhook with a stale signature',
    send: (scene) => forgedWebhook(scene, scene.e2e.stack.webhookSecret, 3_600),
    status: 400,
    code: 'signature_invalid',
  },
  {
    title: 'a webhook without a signature',
    send: ({ e2e }) => e2e.visitor.request('POST', '/webhooks/stripe', { body: { id: 'evt_1', type: EVENT_TYPE } }),
    status: 400,
    code: 'signature_invalid',
  },
];

export const BAD_INPUTS: readonly BadInput[] = [...REQUESTS, ...VALUES, ...PEOPLE, ...STATES, ...WEBHOOKS];
