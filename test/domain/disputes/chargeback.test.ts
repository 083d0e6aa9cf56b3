/** Who carries a chargeback: the holds by what they have, never what was refunded; and when the bank hears us. */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { evidenceSendAt, shareChargeback } from '../../../domain/disputes/chargeback.ts';
import type { EscrowId } from '../../../domain/ids.ts';

const escrow = (index: number): EscrowId => `esc_${index}`;
const hold = (index: number, heldMinor: number, releasedMinor: number) => ({
  escrowId: escrow(index),
  heldMinor,
  releasedMinor,
});

describe('a chargeback', () => {
  it('of the whole payment is carried by every hold with all it has', () => {
    expect(shareChargeback(10_000, [hold(1, 6_000, 0), hold(2, 0, 4_000)])).toEqual({
      shares: [
        { escrowId: escrow(1), amountMinor: 6_000, heldMinor: 6_000 },
        { escrowId: escrow(2), amountMinor: 4_000, heldMinor: 0 },
      ],
      absorbedMinor: 0,
    });
  });

  it('of a part is shared by size, and takes what is held before what was released', () => {
    expect(shareChargeback(5_000, [hold(1, 1_000, 5_000), hold(2, 4_000, 0)])).toEqual({
      shares: [
        { escrowId: escrow(1), amountMinor: 3_000, heldMinor: 1_000 },
        { escrowId: escrow(2), amountMinor: 2_000, heldMinor: 2_000 },
      ],
      absorbedMinor: 0,
    });
  });

  it('of more than is left takes nothing twice: what was refunded is the platform’s to carry', () => {
    expect(shareChargeback(10_000, [hold(1, 0, 2_500), hold(2, 0, 0)])).toEqual({
      shares: [{ escrowId: escrow(1), amountMinor: 2_500, heldMinor: 0 }],
      absorbedMinor: 7_500,
    });
    expect(shareChargeback(10_000, [])).toEqual({ shares: [], absorbedMinor: 10_000 });
  });

  it('always adds up, and nobody carries more than they have', () => {
    const anyHolds = fc.array(fc.tuple(fc.nat(100_000), fc.nat(100_000)), { maxLength: 6 });
    fc.assert(
      fc.property(fc.nat(400_000), anyHolds, (amountMinor, pairs) => {
        const holds = pairs.map(([heldMinor, releasedMinor], index) => hold(index, heldMinor, releasedMinor));
        const { shares, absorbedMinor } = shareChargeback(amountMinor, holds);
        expect(shares.reduce((sum, share) => sum + share.amountMinor, absorbedMinor)).toBe(amountMinor);
        for (const share of shares) {
          const { heldMinor, releasedMinor } =
            holds.find(({ escrowId }) => escrowId === share.escrowId) ?? hold(0, 0, 0);
          expect(share.heldMinor).toBeLessThanOrEqual(heldMinor);
          expect(share.amountMinor - share.heldMinor).toBeLessThanOrEqual(releasedMinor);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('is answered a day before the bank stops listening, if it listens at all', () => {
    expect(evidenceSendAt('2026-03-08T12:00:00.000Z')).toBe('2026-03-07T12:00:00.000Z');
    expect(evidenceSendAt(null)).toBeNull();
  });
});
