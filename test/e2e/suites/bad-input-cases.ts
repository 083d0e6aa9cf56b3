/** Everything a client may get wrong, as data. */

import { orderBody } from '../../../dev/client/holdfast-client.ts';
import type { Reply } from '../../../dev/client/request.ts';
import { signPayload } from '../../../dev/simulators/stripe/webhooks/sign.ts';
import { onlyPart } from '../support/e2e-stack.ts';
import { BAD_MOVES } from './bad-move-cases.ts';
import type { BadInput, Scene } from './scene.ts';

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

export const BAD_INPUTS: readonly BadInput[] = [...REQUESTS, ...VALUES, ...WEBHOOKS, ...BAD_MOVES];
