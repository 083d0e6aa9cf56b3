/** Says in words and in data why money is held, what happens next by itself, and who can change it. */

import { type Currency, currencyInfo } from './currencies.ts';
import type { ActorRole, EscrowStatus, NextActionKind } from './escrow.ts';
import type { OrderStatus } from './order.ts';
import type { NextStep, PossibleMove } from './timeline.ts';

/** `status` is the hold's own phase, whatever is contested beside it. */
export type EscrowFacts = {
  status: EscrowStatus;
  fulfilment: 'physical' | 'digital';
  paused: boolean;
  nextAction: { kind: NextActionKind; at: string | null };
  /** The goods are with a verifier, or on their way there. */
  verifying?: boolean;
  /** Present while a dispute is open: what is frozen, and what of the hold nobody contests; in minor units. */
  contested?: { frozenMinor: number; restMinor: number; currency: Currency } | null;
};

export type Explanation = { next: NextStep; canChange: PossibleMove[] };

const AUTOMATIC: Readonly<Record<Exclude<NextActionKind, 'none'>, string>> = {
  cancel_and_refund:
    'The money is held until the seller ships. Not shipped in time, the order is cancelled and refunded.',
  mark_delivered: 'The goods are on their way. Without news by then they count as delivered.',
  release: 'The goods are delivered. The money goes to the seller unless the buyer objects before then.',
};

/** Why this hold is what it is: the same words in the Temporal UI, in the workflow's query and in the API. */
export function explainEscrow(facts: EscrowFacts): Explanation {
  const { contested } = facts;
  if (!contested) return explainRest(facts);
  const frozen = amountInWords(contested.frozenMinor, contested.currency);
  if (contested.restMinor === 0) {
    const before = RELEASED_BEFORE[facts.status] ?? '';
    const text = `${before}${frozen} is contested and stays held until that is decided; no clock of the hold runs.`;
    return { next: { kind: 'none', at: null, text }, canChange: [] };
  }
  const rest = amountInWords(contested.restMinor, contested.currency);
  const { next, canChange } = explainRest(facts);
  const text = `${frozen} is contested and stays held until that is decided. The other ${rest}: ${next.text}`;
  return { next: { ...next, text }, canChange };
}

/** What became of the rest while a part is still contested. */
const RELEASED_BEFORE: Partial<Readonly<Record<EscrowStatus, string>>> = {
  released: 'What nobody contested was released to the seller. ',
  refunded: 'What nobody contested went back to the buyer. ',
};

/** Minor units as people read them, for any currency of the table. */
export function amountInWords(amountMinor: number, currency: Currency): string {
  const { exponent } = currencyInfo(currency);
  const digits = String(amountMinor).padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  return `${exponent === 0 ? whole : `${whole}.${digits.slice(-exponent)}`} ${currency}`;
}

function explainRest(facts: EscrowFacts): Explanation {
  const settling = SETTLING[facts.status];
  if (settling) return { next: { kind: 'none', at: null, text: settling }, canChange: [] };
  if (facts.paused) {
    return {
      next: {
        kind: 'none',
        at: null,
        text: 'An admin has paused this hold; nothing happens by itself until it is resumed.',
      },
      canChange: [move('admin', 'resume'), move('admin', 'release'), move('admin', 'refund')],
    };
  }
  if (facts.verifying === true) {
    const text =
      'The goods go to a verifier first. The money is held until they are found good and sent on to the buyer.';
    return { next: { kind: 'none', at: null, text }, canChange: [move('admin', 'release'), move('admin', 'refund')] };
  }
  const { kind, at } = facts.nextAction;
  if (kind !== 'none') return { next: { kind, at, text: AUTOMATIC[kind] }, canChange: movesFrom(facts) };
  return { next: { kind: 'none', at: null, text: 'The money is held.' }, canChange: [] };
}

/** From here on neither a clock nor a request changes the course; a pause has no meaning any more. */
const SETTLING: Partial<Readonly<Record<EscrowStatus, string>>> = {
  releasing: 'The money is on its way to the seller.',
  released: 'The money was released to the seller.',
  refunding: 'The money is on its way back to the buyer.',
  refunded: 'The money went back to the buyer.',
  disputed: 'The contested part is held until the dispute is decided.',
  split: 'The money was split between buyer and seller.',
};

function movesFrom({ status, fulfilment }: EscrowFacts): PossibleMove[] {
  const admin = [move('admin', 'extend'), move('admin', 'pause'), move('admin', 'release'), move('admin', 'refund')];
  if (status === 'held' && fulfilment === 'physical') {
    return [
      move('seller', 'process'),
      move('seller', 'ship'),
      move('seller', 'cancel'),
      move('buyer', 'cancel'),
      ...admin,
    ];
  }
  if (status === 'processing') return [move('seller', 'ship'), move('seller', 'cancel'), ...admin];
  if (status === 'shipped') return [move('seller', 'deliver'), move('buyer', 'confirm-delivery'), ...admin];
  if (status === 'delivered') return [move('buyer', 'confirm-delivery'), ...admin];
  return admin;
}

function move(by: ActorRole, request: string): PossibleMove {
  return { by, move: request };
}

/** What an order waits for before and after its escrows do the waiting. */
export function explainOrder(status: OrderStatus | 'rejected', paymentExpiresAt: string | null): Explanation {
  switch (status) {
    case 'created':
    case 'pending_payment':
      return {
        next: {
          kind: 'expire',
          at: paymentExpiresAt,
          text: 'The goods are reserved until the buyer pays. Not paid in time, the order expires and the goods are free again.',
        },
        canChange: [move('buyer', 'pay'), move('buyer', 'retry-payment'), move('buyer', 'cancel')],
      };
    case 'completed':
      return ended('Every part of the order is settled and the sellers have their money.');
    case 'refunded':
      return ended('The whole order was refunded to the buyer.');
    case 'partially_refunded':
      return ended('The order is settled: part went to the sellers, part back to the buyer.');
    case 'cancelled':
      return ended('The order was cancelled before it was paid.');
    case 'expired':
      return ended('The order was not paid in time.');
    case 'rejected':
      return ended('The order could not be placed.');
    default:
      return ended('The order is paid. Each vendor order shows what its money waits for.');
  }
}

function ended(text: string): Explanation {
  return { next: { kind: 'none', at: null, text }, canChange: [] };
}
