/** The transition tables of orders and escrows, and how the one follows from the other. */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  ACTOR_ROLES,
  canMoveEscrow,
  ESCROW_STATUSES,
  ESCROW_TRANSITIONS,
  type EscrowStatus,
  isTerminalEscrowStatus,
  mayCancelEscrow,
} from '../../domain/escrow.ts';
import {
  aggregateOrderStatus,
  canMoveOrder,
  isTerminalOrderStatus,
  ORDER_STATUSES,
  ORDER_TRANSITIONS,
  type OrderStatus,
  TERMINAL_ORDER_STATUSES,
} from '../../domain/order.ts';

function reachable<S extends string>(start: S, table: Readonly<Record<S, readonly S[]>>): Set<S> {
  const seen = new Set([start]);
  for (const status of seen) for (const next of table[status]) seen.add(next);
  return seen;
}

describe.each([
  { name: 'order', statuses: ORDER_STATUSES, table: ORDER_TRANSITIONS, start: 'created' },
  { name: 'escrow', statuses: ESCROW_STATUSES, table: ESCROW_TRANSITIONS, start: 'held' },
] as {
  name: string;
  statuses: readonly string[];
  table: Readonly<Record<string, readonly string[]>>;
  start: string;
}[])('the $name transition table', ({ statuses, table, start }) => {
  it('has a row for every status and no other', () => {
    expect(Object.keys(table).toSorted()).toEqual([...statuses].toSorted());
  });

  it('names statuses only, each once, and never staying put', () => {
    for (const [from, moves] of Object.entries(table)) {
      expect(new Set(moves).size).toBe(moves.length);
      expect(moves.every((to) => statuses.includes(to) && to !== from)).toBe(true);
    }
  });

  it('reaches every status from the first one', () => {
    expect([...reachable(start, table)].toSorted()).toEqual([...statuses].toSorted());
  });

  it('leaves an end within reach of every status', () => {
    const ends = statuses.filter((status) => table[status]?.length === 0);
    for (const status of statuses) expect([...reachable(status, table)].some((each) => ends.includes(each))).toBe(true);
  });
});

describe('terminal statuses', () => {
  it('of an order are these, and have no moves', () => {
    expect([...TERMINAL_ORDER_STATUSES].toSorted()).toEqual(
      ['cancelled', 'completed', 'expired', 'partially_refunded', 'refunded'].toSorted(),
    );
    for (const from of ORDER_STATUSES) {
      expect(isTerminalOrderStatus(from)).toBe(ORDER_STATUSES.every((to) => !canMoveOrder(from, to)));
    }
  });

  it('of an escrow are these, and have no moves', () => {
    expect(ESCROW_STATUSES.filter(isTerminalEscrowStatus)).toEqual(['released', 'refunded', 'split']);
    for (const from of ESCROW_STATUSES) {
      expect(isTerminalEscrowStatus(from)).toBe(ESCROW_STATUSES.every((to) => !canMoveEscrow(from, to)));
    }
  });
});

describe('cancelling an escrow', () => {
  it('is for the buyer before processing, for seller and admin before shipping, for nobody else', () => {
    const allowed = ESCROW_STATUSES.flatMap((status) =>
      ACTOR_ROLES.filter((role) => mayCancelEscrow(status, role)).map((role) => `${role} ${status}`),
    );
    expect(allowed).toEqual(['buyer held', 'seller held', 'admin held', 'seller processing', 'admin processing']);
  });

  it('leads to a refund wherever it is allowed', () => {
    for (const status of ESCROW_STATUSES) {
      if (ACTOR_ROLES.some((role) => mayCancelEscrow(status, role))) {
        expect(canMoveEscrow(status, 'refunding')).toBe(true);
      }
    }
  });
});

describe('the status of a paid order', () => {
  it.each([
    [['held'], 'paid_in_escrow'],
    [['held', 'shipped'], 'paid_in_escrow'],
    [['processing', 'released'], 'processing'],
    [['shipped', 'delivered'], 'shipped'],
    [['delivered', 'refunded'], 'delivered'],
    [['releasing'], 'delivered'],
    [['refunding'], 'processing'],
    [['held', 'disputed'], 'disputed'],
    [['released', 'released'], 'completed'],
    [['refunded', 'refunded'], 'refunded'],
    [['released', 'refunded'], 'partially_refunded'],
    [['split'], 'partially_refunded'],
  ] as [EscrowStatus[], OrderStatus][])('with vendor orders %j is %s', (escrows, expected) => {
    expect(aggregateOrderStatus(escrows)).toBe(expected);
  });

  it('needs at least one vendor order', () => {
    expect(() => aggregateOrderStatus([])).toThrow(RangeError);
  });

  it('does not depend on the order of the vendor orders, and ends exactly when they all have', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...ESCROW_STATUSES), { minLength: 1 }), (escrows) => {
        const status = aggregateOrderStatus(escrows);
        expect(aggregateOrderStatus(escrows.toReversed())).toBe(status);
        expect(isTerminalOrderStatus(status)).toBe(escrows.every(isTerminalEscrowStatus));
      }),
    );
  });

  it('moves legally or stays, whatever one of its vendor orders does next', () => {
    const step = fc.record({ who: fc.nat(), which: fc.nat() });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 30 }), (vendors, steps) => {
        const escrows: EscrowStatus[] = Array.from({ length: vendors }, () => 'held');
        let status = aggregateOrderStatus(escrows);
        expect(status).toBe('paid_in_escrow');
        for (const { who, which } of steps) {
          const index = who % vendors;
          const moves = ESCROW_TRANSITIONS[escrows[index] ?? 'held'];
          escrows[index] = moves[which % moves.length] ?? escrows[index] ?? 'held';
          const next = aggregateOrderStatus(escrows);
          if (next !== status) expect(canMoveOrder(status, next)).toBe(true);
          status = next;
        }
      }),
    );
  });

  it('is legally within reach from every open status of a paid order', () => {
    const results = new Set(ESCROW_STATUSES.flatMap((a) => ESCROW_STATUSES.map((b) => aggregateOrderStatus([a, b]))));
    const open = [...results].filter((status) => !isTerminalOrderStatus(status));
    expect(open).toHaveLength(5);
    for (const from of open) for (const to of results) if (from !== to) expect(canMoveOrder(from, to)).toBe(true);
  });
});
