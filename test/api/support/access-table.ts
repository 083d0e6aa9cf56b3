/** Who gets what of every route with an id in its path. */

const parcel = { carrier: 'DHL', trackingNumber: 'JD01' };
const reason = { reason: 'because' };

/** `stranger` is signed in and no party; `otherSeller` sells other things. */
export type Who = 'anonymous' | 'buyer' | 'seller' | 'stranger' | 'otherSeller' | 'admin';

/** The route, the kind of its `{id}`, what to send, and the status that each gets. */
export type Row = [route: string, id: string, body: object | undefined, answers: Record<Who, number>];

const outsiders = { anonymous: 401, stranger: 404, otherSeller: 404 };
const forAdmins = { anonymous: 401, stranger: 403, otherSeller: 403, seller: 403, buyer: 403, admin: 200 };
const everyone = { ...outsiders, seller: 200, buyer: 200, admin: 200 };
const parties = { ...outsiders, seller: 200, buyer: 200, admin: 403 };
const buyerOnly = { ...outsiders, seller: 403, buyer: 200, admin: 403 };
const sellerOnly = { ...outsiders, seller: 200, buyer: 403, admin: 403 };

const DISPUTES: Row[] = [
  [
    'POST /vendor-orders/{id}/disputes',
    'vendor-order',
    { reason: 'not_received', description: 'x' },
    { ...buyerOnly, buyer: 201 },
  ],
  ['GET /disputes/{id}', 'dispute', undefined, everyone],
  ['GET /disputes/{id}/timeline', 'dispute', undefined, everyone],
  ['GET /disputes/{id}/messages', 'dispute', undefined, everyone],
  ['POST /disputes/{id}/messages', 'dispute', { body: 'x' }, { ...outsiders, seller: 201, buyer: 201, admin: 201 }],
  ['GET /disputes/{id}/evidence', 'dispute', undefined, everyone],
  ['GET /disputes/{id}/evidence/{evidenceId}/content', 'dispute', undefined, everyone],
  // Not a form: whoever may add a file gets as far as that.
  ['POST /disputes/{id}/evidence', 'dispute', {}, { ...outsiders, seller: 415, buyer: 415, admin: 415 }],
  ['POST /disputes/{id}/respond', 'dispute', { text: 'x' }, sellerOnly],
  ['POST /disputes/{id}/withdraw', 'dispute', {}, buyerOnly],
  ['POST /disputes/{id}/appeal', 'dispute', reason, parties],
  ['POST /disputes/{id}/ship-replacement', 'dispute', parcel, sellerOnly],
  ['POST /disputes/{id}/send-return', 'dispute', {}, buyerOnly],
  ['POST /disputes/{id}/confirm-return', 'dispute', {}, sellerOnly],
  ['POST /disputes/{id}/offers', 'dispute', { buyerMinor: 1 }, { ...parties, seller: 201, buyer: 201 }],
  ...['accept', 'decline', 'withdraw'].map(
    (verb): Row => [`POST /disputes/{id}/offers/{offerId}/${verb}`, 'dispute', {}, parties],
  ),
  ['POST /admin/disputes/{id}/claim', 'dispute', {}, forAdmins],
  ['POST /admin/disputes/{id}/verdict', 'dispute', { outcome: 'refund', note: 'x' }, forAdmins],
];

/** None of this test's orders goes to a verifier or back to a bank: who may ask gets as far as that. */
const nothingThere = { ...outsiders, seller: 404, buyer: 404, admin: 404 };
const nothingForAdmins = { ...forAdmins, admin: 404 };
const AUTHENTICITY: Row[] = [
  [
    'GET /vendor-orders/{id}/authenticity',
    'vendor-order',
    undefined,
    { ...outsiders, seller: 409, buyer: 409, admin: 409 },
  ],
  ['POST /vendor-orders/{id}/mismatch', 'vendor-order', { choice: 'refund' }, { ...buyerOnly, buyer: 409 }],
  ['GET /authenticity/{id}', 'escrow', undefined, nothingThere],
  ['POST /authenticity/{id}/receive', 'escrow', {}, nothingThere],
  ['POST /authenticity/{id}/inspect', 'escrow', { result: 'passed', condition: 'mint', note: 'x' }, nothingThere],
  ['POST /authenticity/{id}/forward', 'escrow', parcel, nothingThere],
  [
    'POST /admin/authenticity/{id}/assign',
    'escrow',
    { verifierId: 'usr_00000000000000000000000000' },
    nothingForAdmins,
  ],
];
const CHARGEBACKS: Row[] = [
  ['GET /admin/chargebacks/{id}', 'chargeback', undefined, nothingForAdmins],
  ['GET /admin/chargebacks/{id}/evidence', 'chargeback', undefined, nothingForAdmins],
  ['GET /admin/chargebacks/{id}/evidence.pdf', 'chargeback', undefined, nothingForAdmins],
  ['POST /admin/chargebacks/{id}/submit-evidence', 'chargeback', {}, nothingForAdmins],
  // Without the key that it needs.
  [
    'POST /admin/sellers/{userId}/write-offs',
    'user',
    { currency: 'USD', amountMinor: 1, reason: 'x' },
    { ...forAdmins, admin: 400 },
  ],
];

const PURCHASES = ['GET /purchases/{id}', 'GET /purchases/{id}/timeline'].map(
  (route): Row => [route, 'purchase', undefined, { ...outsiders, seller: 404, buyer: 200, admin: 200 }],
);

/** The stranger is a moderator: there is nothing to find. */
const forModerators = { ...forAdmins, stranger: 404, admin: 404 };
const FLAGS: Row[] = [
  ['GET /admin/fraud-flags/{id}', 'flag', undefined, forModerators],
  ['POST /admin/fraud-flags/{id}/decision', 'flag', { outcome: 'clear', note: 'x' }, forModerators],
];

export const TABLE: readonly Row[] = [
  ['GET /orders/{id}', 'order', undefined, { ...outsiders, seller: 404, buyer: 200, admin: 200 }],
  // A seller follows their own part of the order.
  ['GET /orders/{id}/timeline', 'order', undefined, { ...outsiders, seller: 200, buyer: 200, admin: 200 }],
  ['POST /orders/{id}/cancel', 'order', {}, { ...outsiders, seller: 404, buyer: 200, admin: 200 }],
  [
    'POST /orders/{id}/payments',
    'order',
    { provider: 'stripe' },
    { ...outsiders, seller: 404, buyer: 201, admin: 403 },
  ],
  ['GET /vendor-orders/{id}', 'vendor-order', undefined, { ...outsiders, seller: 200, buyer: 200, admin: 200 }],
  ['POST /vendor-orders/{id}/process', 'vendor-order', {}, { ...outsiders, seller: 200, buyer: 403, admin: 403 }],
  ['POST /vendor-orders/{id}/ship', 'vendor-order', parcel, { ...outsiders, seller: 200, buyer: 403, admin: 403 }],
  ['POST /vendor-orders/{id}/deliver', 'vendor-order', {}, { ...outsiders, seller: 200, buyer: 403, admin: 200 }],
  ['POST /vendor-orders/{id}/cancel', 'vendor-order', reason, { ...outsiders, seller: 200, buyer: 200, admin: 200 }],
  [
    'POST /vendor-orders/{id}/confirm-delivery',
    'vendor-order',
    {},
    { ...outsiders, seller: 403, buyer: 200, admin: 403 },
  ],
  // Not digital goods: the buyer gets as far as the rule.
  ['POST /vendor-orders/{id}/access', 'vendor-order', {}, { ...outsiders, seller: 403, buyer: 409, admin: 403 }],
  ['GET /escrows/{id}', 'escrow', undefined, { ...outsiders, seller: 200, buyer: 200, admin: 200 }],
  ['PATCH /listings/{id}', 'listing', { stock: 50 }, { ...outsiders, seller: 200, buyer: 404, admin: 404 }],
  ...['pause', 'resume', 'release', 'refund'].map(
    (verb): Row => [
      `POST /admin/escrows/{id}/${verb}`,
      'escrow',
      reason,
      { anonymous: 401, stranger: 403, otherSeller: 403, seller: 403, buyer: 403, admin: 200 },
    ],
  ),
  [
    'POST /admin/escrows/{id}/extend',
    'escrow',
    { ...reason, until: '2030-01-01T00:00:00Z' },
    { anonymous: 401, stranger: 403, otherSeller: 403, seller: 403, buyer: 403, admin: 200 },
  ],
  ...DISPUTES,
  ...AUTHENTICITY,
  ...CHARGEBACKS,
  ...PURCHASES,
  ...FLAGS,
];

/** Everyone may read these. */
export const PUBLIC = [
  'GET /shops/{id}',
  'GET /products/{id}',
  'GET /markets/{idOrSlug}',
  'GET /markets/{id}/timeline',
  'GET /markets/{id}/history',
  'GET /markets/{id}/comments',
  'GET /users/{id}',
  'GET /users/{id}/forecasts',
  'GET /users/{id}/followers',
  'GET /users/{id}/following',
];

/** What everyone sees and not everyone may change: nothing to keep to oneself, so who is refused stands in tests of its own. */
export const OF_PUBLIC_THINGS = [
  ...['suspend', 'reopen', 'cancel', 'resolution', 'challenge', 'decision', 'forecasts'].map(
    (what) => `POST /markets/{id}/${what}`,
  ),
  'POST /markets/{id}/comments',
  'DELETE /comments/{id}',
  ...['report', 'hide', 'show'].map((what) => `POST /comments/{id}/${what}`),
  'POST /users/{id}/follow',
  'DELETE /users/{id}/follow',
];

/** The path with its ids filled in: `{id}` is one of this kind, `{offerId}` that of an offer. */
export function fillIn(path: string, kind: string, ids: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{(\w+?)(?:Id)?\}/g, (_, name: string) => String(ids[name === 'id' ? kind : name] ?? 'x'));
}
