/** Ids carry their kind and lose nothing of the UUID. */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ID_PREFIXES, type IdKind, idFromUuid, idPattern, isId } from '../../domain/ids.ts';

const KINDS = Object.keys(ID_PREFIXES) as IdKind[];

describe('ids', () => {
  it('have a prefix of their own for every kind', () => {
    expect(new Set(Object.values(ID_PREFIXES)).size).toBe(KINDS.length);
  });

  it('are well formed, of one kind only, for any UUID and kind', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.constantFrom(...KINDS), (uuid, kind) => {
        const id = idFromUuid(kind, uuid);
        expect(id).toMatch(idPattern(kind));
        expect(KINDS.filter((other) => isId(other, id))).toEqual([kind]);
      }),
    );
  });

  it('keep the order of their UUIDs, and so the order in time of version 7', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), (a, b) => {
        const [idA, idB] = [idFromUuid('order', a), idFromUuid('order', b)];
        expect(idA < idB).toBe(a < b);
        expect(idA === idB).toBe(a === b);
      }),
    );
  });

  it('take a UUID with or without hyphens, and encode it in Crockford base 32', () => {
    expect(idFromUuid('order', '00000000-0000-0000-0000-000000000020')).toBe('ord_00000000000000000000000010');
    expect(idFromUuid('order', 'ffffffffffffffffffffffffffffffff')).toBe('ord_7zzzzzzzzzzzzzzzzzzzzzzzzz');
  });

  it.each(['', 'not a uuid', '0'.repeat(31), '0'.repeat(33), 'g'.repeat(32)])('refuse the UUID "%s"', (uuid) => {
    expect(() => idFromUuid('order', uuid)).toThrow(RangeError);
  });

  it.each([
    'ord_',
    'esc_00000000000000000000000010',
    'ord_0000000000000000000000001',
    'ord_000000000000000000000000100',
    'ord_8zzzzzzzzzzzzzzzzzzzzzzzzz',
    'ord_0000000000000000000000001U',
    'ord_0000000000000000000000001u',
    'ord_00000000000000000000000010\n',
  ])('are told from malformed ones: %j', (value) => {
    expect(isId('order', value)).toBe(false);
  });
});
