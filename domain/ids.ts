/** Public ids: a prefix that names the kind, then a UUID in Crockford base 32. */

export const ID_PREFIXES = {
  user: 'usr',
  channel: 'chn',
  shop: 'shp',
  product: 'prd',
  listing: 'lst',
  order: 'ord',
  orderItem: 'itm',
  vendorOrder: 'vor',
  escrow: 'esc',
  dispute: 'dsp',
  offer: 'ofr',
  message: 'msg',
  evidence: 'evd',
  authenticity: 'aut',
  market: 'mkt',
  outcome: 'out',
  forecast: 'fct',
  purchase: 'pur',
  comment: 'cmt',
  flag: 'flg',
  payment: 'pay',
  payout: 'po',
  event: 'evt',
} as const;

export type IdKind = keyof typeof ID_PREFIXES;
export type Id<K extends IdKind> = `${(typeof ID_PREFIXES)[K]}_${string}`;

export type UserId = Id<'user'>;
export type OrderId = Id<'order'>;
export type VendorOrderId = Id<'vendorOrder'>;
export type EscrowId = Id<'escrow'>;
export type ListingId = Id<'listing'>;
export type PaymentId = Id<'payment'>;
export type PayoutId = Id<'payout'>;
export type MarketId = Id<'market'>;
export type OutcomeId = Id<'outcome'>;
export type ForecastId = Id<'forecast'>;
export type PurchaseId = Id<'purchase'>;

/** Crockford's alphabet in lower case: no i, l, o, u, so an id survives being read aloud. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const ENCODED_LENGTH = 26;

/**
 * Builds a public id from a UUID (any version; version 7 keeps ids in time order).
 * The caller brings the UUID: `domain/` has no source of randomness. Throws a RangeError for anything but 128 bits of hex.
 */
export function idFromUuid<K extends IdKind>(kind: K, uuid: string): Id<K> {
  const hex = uuid.replaceAll('-', '');
  if (!/^[0-9a-f]{32}$/i.test(hex)) throw new RangeError(`not a UUID: ${uuid}`);
  let rest = BigInt(`0x${hex}`);
  let encoded = '';
  for (let i = 0; i < ENCODED_LENGTH; i += 1) {
    encoded = ALPHABET.charAt(Number(rest & 31n)) + encoded;
    rest >>= 5n;
  }
  return `${ID_PREFIXES[kind]}_${encoded}` as Id<K>;
}

/** True for a well-formed public id of this kind. */
export function isId<K extends IdKind>(kind: K, value: string): value is Id<K> {
  return idPattern(kind).test(value);
}

/**
 * The pattern that the API's schemas and the OpenAPI document show for an id of this kind.
 * 26 characters carry 130 bits, so the first one of a 128-bit id is at most 7.
 */
export function idPattern(kind: IdKind): RegExp {
  return new RegExp(`^${ID_PREFIXES[kind]}_[0-7][${ALPHABET}]{${ENCODED_LENGTH - 1}}$`);
}
