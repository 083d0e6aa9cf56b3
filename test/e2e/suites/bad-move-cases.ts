/** What a well-formed request may not do: touch what is another's, or come at the wrong time. */

import { onlyPart } from '../support/e2e-stack.ts';
import type { BadInput } from './scene.ts';

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

export const BAD_MOVES: readonly BadInput[] = [...PEOPLE, ...STATES];
