/** The disputes of a world in memory: which parts are frozen, which units they are about, where the money went. */

import type { DisputeCase } from '../../../domain/disputes/dispute.ts';
import type { EscrowStatus } from '../../../domain/escrow.ts';
import type { DisputePolicy } from '../../../domain/policy/policy.ts';
import type { EscrowInput } from '../../../workflows/escrow/contract.ts';
import { disputePolicy } from './policies.ts';

type FakeLine = { itemId: string; quantity: number; unitMinor: number };
export type FakeDispute = {
  dispute: DisputeCase;
  version: number;
  units: { itemId: string; quantity: number }[];
  chargebackId: string | null;
  settled: boolean;
  /** Its units can be disputed again, or not (heard once) even though the part is back in the hold. */
  isFreed: boolean;
};

/** Three units of two lines that make up a hold of 100.00. */
export const LINES: readonly FakeLine[] = [
  { itemId: 'itm_cups', quantity: 2, unitMinor: 3_000 },
  { itemId: 'itm_pot', quantity: 1, unitMinor: 4_000 },
];

/** The disputes of a world and where its money went. */
export class FakeDisputes {
  policy: DisputePolicy = disputePolicy();
  readonly holds = new Map<string, EscrowInput>();
  readonly all = new Map<string, FakeDispute>();
  /** The numbered changes of disputes that were stored. */
  readonly changes: { disputeId: string; event: string; version: number; phase: string; at: string }[] = [];
  /** In minor units, by escrow. */
  readonly moved = new Map<string, { released: number; refunded: number; chargedBack: number }>();
  private readonly numbers = new Map<string, string>();

  movedOf(escrowId: string) {
    const moved = this.moved.get(escrowId) ?? { released: 0, refunded: 0, chargedBack: 0 };
    this.moved.set(escrowId, moved);
    return moved;
  }

  of(disputeId: string): FakeDispute {
    const found = this.all.get(disputeId);
    if (!found) throw new Error(`no dispute ${disputeId} here`);
    return found;
  }

  /** A change behind the back of a running dispute: another worker had committed it. */
  store(disputeId: string, dispute: Partial<DisputeCase>, versions = 1): void {
    const stored = this.of(disputeId);
    Object.assign(stored, { dispute: { ...stored.dispute, ...dispute }, version: stored.version + versions });
  }

  /** The phase of a hold once this is left of it. */
  endOf(escrowId: string, stored: { restMinor: number; openDisputes: number }, phase: EscrowStatus): EscrowStatus {
    if (stored.restMinor > 0 || stored.openDisputes > 0) return phase;
    const { released, refunded, chargedBack } = this.movedOf(escrowId);
    if (released === 0) return 'refunded';
    return refunded + chargedBack === 0 ? 'released' : 'split';
  }

  writeOnce(disputeId: string, version: number, made: string, change: () => void): boolean {
    const stored = this.of(disputeId);
    if (stored.version >= version) return this.numbers.get(`${disputeId} ${version}`) === made;
    this.numbers.set(`${disputeId} ${version}`, made);
    stored.version = version;
    change();
    return true;
  }
}
