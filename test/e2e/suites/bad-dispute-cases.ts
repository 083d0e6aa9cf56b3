/** What nobody may do about disputes, as data: too late, too much, in disguise, or in somebody else's place. */

import type { HoldfastClient } from '../../../dev/client/holdfast-client.ts';
import type { Reply } from '../../../dev/client/request.ts';
import type { PlacedOrder } from '../../../dev/client/resources.ts';
import type { ErrorCode } from '../../../domain/error-codes.ts';
import { type E2eStack, onlyPart } from '../support/e2e-stack.ts';

/** What the requests are about: a dispute in each state of interest. */
export type DisputeScene = {
  e2e: E2eStack;
  admin: HoldfastClient;
  released: PlacedOrder;
  /** Nothing of it is contested. */
  shipped: PlacedOrder;
  /** One unit of two is contested; the other's money has gone to the seller. */
  contested: PlacedOrder;
  contestedId: string;
  /** All of it is contested: the admin has given the verdict, the buyer has appealed. */
  appealed: PlacedOrder;
  appealedId: string;
  /** Settled. */
  closedId: string;
};

export type BadDisputeInput = {
  title: string;
  send(scene: DisputeScene): Promise<Reply<unknown>>;
  status: number;
  code: ErrorCode;
};

const COMPLAINT = { reason: 'damaged', description: 'It is broken.' };
const VERDICT = { outcome: 'release', note: 'So be it.' };

const complaining = (client: HoldfastClient, order: PlacedOrder, lines?: object[]) =>
  client.request('POST', `/vendor-orders/${onlyPart(order).id}/disputes`, { body: { ...COMPLAINT, lines } });
const offering = (client: HoldfastClient, id: string, body: object) =>
  client.request('POST', `/disputes/${id}/offers`, { body });
const deciding = (client: HoldfastClient, id: string) =>
  client.request('POST', `/admin/disputes/${id}/verdict`, { body: VERDICT });

function bringing(client: HoldfastClient, id: string, content: string, type: string): Promise<Reply<unknown>> {
  const rawBody = new FormData();
  rawBody.append('file', new File([content], 'photo.png', { type }));
  return client.request('POST', `/disputes/${id}/evidence`, { rawBody });
}

const OPENING: readonly BadDisputeInput[] = [
  {
    title: 'a dispute by a stranger',
    send: ({ e2e, released }) => complaining(e2e.stranger, released),
    status: 404,
    code: 'vendor_order_not_found',
  },
  {
    title: 'a dispute by the seller',
    send: ({ e2e, released }) => complaining(e2e.seller, released),
    status: 403,
    code: 'forbidden',
  },
  {
    title: 'a dispute after the window',
    send: ({ e2e, released }) => complaining(e2e.buyer, released),
    status: 409,
    code: 'dispute_window_closed',
  },
  {
    title: 'a dispute about what was released while another part is contested',
    send: ({ e2e, contested }) => complaining(e2e.buyer, contested),
    status: 409,
    code: 'dispute_window_closed',
  },
  {
    title: 'a second dispute about the same unit',
    send: ({ e2e, appealed }) => complaining(e2e.buyer, appealed),
    status: 409,
    code: 'line_already_disputed',
  },
  {
    title: 'a dispute about more units than there are',
    send: ({ e2e, shipped }) => {
      const lines = onlyPart(shipped).items.map(({ id: itemId }) => ({ itemId, quantity: 2 }));
      return complaining(e2e.buyer, shipped, lines);
    },
    status: 422,
    code: 'quantity_out_of_range',
  },
];

const ARGUING: readonly BadDisputeInput[] = [
  {
    title: 'an offer above what is frozen',
    send: ({ e2e, contestedId }) => offering(e2e.seller, contestedId, { buyerMinor: 6_001 }),
    status: 422,
    code: 'offer_out_of_range',
  },
  {
    title: 'a negative offer',
    send: ({ e2e, contestedId }) => offering(e2e.seller, contestedId, { buyerMinor: -1 }),
    status: 422,
    code: 'offer_out_of_range',
  },
  {
    title: 'an offer in another currency',
    send: ({ e2e, contestedId }) => offering(e2e.seller, contestedId, { buyerMinor: 100, currency: 'EUR' }),
    status: 422,
    code: 'currency_not_supported',
  },
  {
    title: 'a page as a photo',
    send: ({ e2e, contestedId }) =>
      bringing(e2e.buyer, contestedId, '<html><script>alert(1)</script></html>', 'image/png'),
    status: 415,
    code: 'evidence_type_not_allowed',
  },
  {
    title: 'a dispute that is not theirs, to read',
    send: ({ e2e, contestedId }) => e2e.stranger.request('GET', `/disputes/${contestedId}`),
    status: 404,
    code: 'dispute_not_found',
  },
];

const DECIDING: readonly BadDisputeInput[] = [
  {
    title: 'a verdict by a party',
    send: ({ e2e, contestedId }) => deciding(e2e.seller, contestedId),
    status: 403,
    code: 'verdict_by_party',
  },
  {
    title: 'a verdict before the seller was heard',
    send: ({ admin, contestedId }) => deciding(admin, contestedId),
    status: 409,
    code: 'not_your_turn',
  },
  {
    title: 'a review by whoever gave the verdict',
    send: ({ admin, appealedId }) => deciding(admin, appealedId),
    status: 403,
    code: 'same_reviewer',
  },
  {
    title: 'a verdict after the end',
    send: ({ admin, closedId }) => deciding(admin, closedId),
    status: 409,
    code: 'dispute_closed',
  },
  {
    title: 'a message after the end',
    send: ({ e2e, closedId }) =>
      e2e.buyer.request('POST', `/disputes/${closedId}/messages`, { body: { body: 'One more thing.' } }),
    status: 409,
    code: 'dispute_closed',
  },
];

export const BAD_DISPUTE_INPUTS: readonly BadDisputeInput[] = [...OPENING, ...ARGUING, ...DECIDING];
