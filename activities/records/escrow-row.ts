/** The row of an escrow as its writes see it: where each part of the hold is, and what follows from that. */

import type { Escrow } from '../../db/entities/escrow.entity.ts';
import type { VendorOrder } from '../../db/entities/vendor-order.entity.ts';
import { rejoin } from '../../domain/disputes/shares.ts';
import { type EscrowPhase, type EscrowStatus, nextActionOf } from '../../domain/escrow.ts';
import { type HoldAmounts, NO_AMOUNTS } from '../../domain/postings.ts';
import type { StoredEscrow } from './escrow-records.ts';

/** What of an escrow's row decides how it goes on. */
export type EscrowRow = {
  version: number;
  phase: EscrowPhase;
  captured: boolean;
  shipBy: Date | null;
  deliveredBy: Date | null;
  releaseAt: Date | null;
  pausedAt: Date | null;
  accessedAt: Date | null;
  heldMinor: number;
  rest: HoldAmounts | null;
  frozenMinor: number;
  openDisputes: number;
  frozenSince: Date | null;
  releasedMinor: number;
  refundedMinor: number;
  chargedBackMinor: number;
  releases: number;
};

export function rowOf(escrow: Escrow): EscrowRow {
  const { version, phase, captured, heldMinor, frozenMinor, openDisputes } = escrow;
  const { releasedMinor, refundedMinor, chargedBackMinor, releases } = escrow;
  return {
    version,
    phase,
    captured,
    shipBy: escrow.shipBy ?? null,
    deliveredBy: escrow.deliveredBy ?? null,
    releaseAt: escrow.releaseAt ?? null,
    pausedAt: escrow.pausedAt ?? null,
    accessedAt: escrow.accessedAt ?? null,
    heldMinor,
    rest: escrow.rest ?? null,
    frozenMinor,
    openDisputes,
    frozenSince: escrow.frozenSince ?? null,
    releasedMinor,
    refundedMinor,
    chargedBackMinor,
    releases,
  };
}

/** What nobody contests and nobody was paid yet. */
export function restOf({ rest }: { rest?: HoldAmounts | null }, paidIn: VendorOrder): HoldAmounts {
  return rest ?? rejoin(paidIn, NO_AMOUNTS);
}

/** The gross of the rest, in minor units. */
export function restMinorOf({ rest, heldMinor }: { rest?: HoldAmounts | null; heldMinor: number }): number {
  return rest?.grossMinor ?? heldMinor;
}

/** Nothing is left of the hold and nothing is contested: its phase is how it all ended, and no clock runs. */
export function settledWhereNothingIsLeft(row: EscrowRow): EscrowRow {
  if (restMinorOf(row) > 0 || row.openDisputes > 0) return row;
  return { ...row, phase: endOf(row), frozenSince: null, pausedAt: null };
}

function endOf({ heldMinor, releasedMinor, refundedMinor, chargedBackMinor }: EscrowRow): EscrowPhase {
  if (releasedMinor === heldMinor) return 'released';
  return refundedMinor + chargedBackMinor === heldMinor ? 'refunded' : 'split';
}

/** What people see of it. */
export function shownStatus({ phase, openDisputes }: Pick<EscrowRow, 'phase' | 'openDisputes'>): EscrowStatus {
  return openDisputes > 0 ? 'disputed' : phase;
}

/** What it does next by itself; nothing while everything that is left is contested. */
export function nextActionOfRow(row: EscrowRow): ReturnType<typeof nextActionOf<Date>> {
  return nextActionOf({ ...row, status: row.phase });
}

/** As the workflow takes it over. */
export function describeRow(row: EscrowRow, applied: boolean): StoredEscrow {
  return {
    applied,
    version: row.version,
    status: row.phase,
    captured: row.captured,
    shipBy: iso(row.shipBy),
    deliveredBy: iso(row.deliveredBy),
    releaseAt: iso(row.releaseAt),
    pausedAt: iso(row.pausedAt),
    accessedAt: iso(row.accessedAt),
    restMinor: restMinorOf(row),
    openDisputes: row.openDisputes,
    frozenSince: iso(row.frozenSince),
    releases: row.releases,
  };
}

/** A hold's own phase is never `disputed`: that is what people see while a part of it is. */
export function phaseOf(status: EscrowStatus): EscrowPhase {
  if (status === 'disputed') throw new RangeError('a hold is not moved to disputed: its disputes show it so');
  return status;
}

export function instantOf(at: string | null): Date | null {
  return at === null ? null : new Date(at);
}

function iso(instant: Date | null): string | null {
  return instant?.toISOString() ?? null;
}
