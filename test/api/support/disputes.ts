/** Orders whose goods have arrived, and disputes about them, as tests of the API need them. */

import { type Answer, type Ask, type Json, list, type TestApi } from './test-api.ts';

const ADDRESS = { name: 'Ada', line1: '1 Analytical Row', city: 'London', postalCode: 'N1 9GU', country: 'GB' };

/** A vendor order that is paid and held; `phase` as asked for. */
export type HeldPart = { orderId: string; id: string; escrowId: string; itemIds: string[] };

type Goods = { quantities?: number[]; phase?: string; channel?: string; releaseAt?: string };

/** Places an order of the buyer's for several listings of the first seller and pays it, as their workflows would. */
export async function heldPart(api: TestApi, buyer: string, goods: Goods = {}): Promise<HeldPart> {
  const {
    quantities = [2, 1],
    phase = 'delivered',
    channel = 'escrow-platform',
    releaseAt = '2099-01-01T00:00:00Z',
  } = goods;
  const listings = await api.sql<{ id: string }>(
    `update listing set stock = 100000 where id in (
       select l.id from listing l join product p on p.id = l.product_id join channel c on c.id = l.channel_id
       join user_account u on u.id = l.seller_id
       where p.kind = 'physical' and c.slug = ? and u.email = 'seller@holdfast.test' order by l.id limit ?) returning id`,
    [channel, quantities.length],
  );
  const lines = listings.map(({ id: listingId }, index) => ({ listingId, quantity: quantities[index] ?? 1 }));
  const body = { lines, shippingAddress: ADDRESS, payment: { provider: 'stripe' } };
  const placed = await api.ask('POST', '/orders', { token: buyer, key: crypto.randomUUID(), body });
  if (placed.status !== 201) throw new Error(`not placed: ${JSON.stringify(placed.body)}`);
  const { order } = placed.body;
  await api.sql(`update orders set status = 'delivered', paid_at = now() where id = ?`, [order.id]);
  await api.sql(`update vendor_order set status = ? where order_id = ?`, [phase, order.id]);
  await api.sql(
    `insert into escrow (id, order_id, vendor_order_id, buyer_id, seller_id, status, phase, currency, held_minor, captured,
       release_at, next_action_kind, next_action_at)
     select escrow_id, order_id, id, buyer_id, vendor_id, status, status, currency, gross_minor, true, ?::timestamptz,
       'release', ?::timestamptz from vendor_order where order_id = ?`,
    [releaseAt, releaseAt, order.id],
  );
  const part = order.vendorOrders[0];
  if (!part) throw new Error('the order has no vendor order');
  const itemIds = list(part.items)
    .toSorted((a, b) => b.quantity - a.quantity)
    .map(({ id }) => id);
  return { orderId: order.id, id: part.id, escrowId: part.escrowId, itemIds };
}

export const complaint = { reason: 'damaged', description: 'One of them came in pieces.' };

/** The buyer contests one unit of the first line, or what is asked for. */
export async function open(api: TestApi, buyer: string, part: HeldPart, changes: object = {}): Promise<Json> {
  const lines = [{ itemId: part.itemIds[0], quantity: 1 }];
  const body = { ...complaint, lines, ...changes };
  const opened = await api.ask('POST', `/vendor-orders/${part.id}/disputes`, { token: buyer, body });
  if (opened.status !== 201) throw new Error(`not opened: ${JSON.stringify(opened.body)}`);
  return opened.body.dispute;
}

/** A fresh dispute of the buyer's about one of three units. */
export async function freshDispute(api: TestApi, buyer: string, goods: Goods = {}): Promise<Json> {
  return open(api, buyer, await heldPart(api, buyer, goods));
}

type Upload = { name?: string; type?: string; key?: string; field?: string };

/** A file, as a browser's form sends it. */
export async function upload(
  api: TestApi,
  token: string,
  disputeId: string,
  bytes: Uint8Array<ArrayBuffer> | string,
  { name = 'photo.png', type = 'image/png', key, field = 'file' }: Upload = {},
): Promise<Answer> {
  const form = new FormData();
  form.append(field, new File([bytes], name, { type }));
  const request = new Request('http://localhost/x', { method: 'POST', body: form });
  return sendForm(api, token, disputeId, request, key === undefined ? {} : { key });
}

/** Any body to the evidence of a dispute. */
export async function sendForm(
  api: TestApi,
  token: string,
  disputeId: string,
  request: Request,
  { key }: Pick<Ask, 'key'> = {},
): Promise<Answer> {
  const headers = new Headers(request.headers);
  headers.set('Authorization', `Bearer ${token}`);
  if (key !== undefined) headers.set('Idempotency-Key', key);
  const init = { method: 'POST', headers, body: request.body, duplex: 'half' as const };
  const response = await api.app.request(`/api/v1/disputes/${disputeId}/evidence`, init);
  return { status: response.status, headers: response.headers, body: (await response.json()) as Json };
}

const bytesOf = (...parts: (string | number[])[]): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part as string))));

/** The shortest files that are what they say; `mark` makes one differ from the others. */
export const FILES = {
  png: (mark = '') =>
    bytesOf(
      [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
      [0, 0, 0, 13],
      'IHDR',
      [0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0],
      [0x90, 0x77, 0x53, 0xde],
      [0, 0, 0, 0],
      'IDAT',
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      'IEND',
      [0xae, 0x42, 0x60, 0x82],
      mark,
    ),
  jpeg: (mark = '') =>
    bytesOf([0xff, 0xd8, 0xff, 0xe0, 0, 16], 'JFIF', [0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0xff, 0xd9], mark),
  webp: (mark = '') => bytesOf('RIFF', [26, 0, 0, 0], 'WEBPVP8L', [13, 0, 0, 0, 0x2f, 0, 0, 0, 0, 0, 0, 0, 0], mark),
  pdf: (mark = '') => bytesOf('%PDF-1.7\n%âãÏÓ\n', mark, '\n%%EOF\n'),
  mp4: (mark = '') => bytesOf([0, 0, 0, 24], 'ftypisom', [0, 0, 2, 0], 'isommp41', [0, 0, 0, 8], 'mdat', mark),
  text: (mark = '') => bytesOf(`The carrier left it in the rain. ${mark}`),
};
