/** What disputes do to a hold, in memory: parts freeze, are settled or come back, as the records do it in Postgres. */

import type { DisputeRecords } from '../../../activities/records/disputes/dispute-records.ts';
import type { EscrowWrite, StoredEscrow } from '../../../activities/records/escrow-records.ts';
import type { DisputeCase } from '../../../domain/disputes/dispute.ts';
import { openingRefusal, requestedUnits } from '../../../domain/disputes/opening.ts';
import { beginDispute } from '../../../domain/disputes/progress.ts';
import type { EscrowStatus } from '../../../domain/escrow.ts';
import type { EscrowInput } from '../../../workflows/escrow/contract.ts';
import type { Worlds } from './fake-activities.ts';
import { type FakeDispute, type FakeDisputes, LINES } from './fake-disputes.ts';
import type { FakeWorld } from './fake-world.ts';

export function disputeRecords(worlds: Worlds): DisputeRecords {
  return {
    async unsettledDisputes(input) {
      const world = worlds(input);
      await world.called('unsettledDisputes', input);
      return [...world.disputes.all.values()].filter(({ settled }) => !settled);
    },
    async openDispute(input) {
      const world = worlds(input);
      await world.called('openDispute', input);
      const { disputes } = world;
      const before = world.escrow(input.escrowId);
      const known = disputes.all.get(input.disputeId);
      if (known) return { escrow: { ...before, applied: true }, dispute: known.dispute };
      if (before.version >= input.version) return { escrow: { ...before, applied: false }, dispute: null };
      const { actor, disputeReason: reason, lines, at } = input;
      const { buyerId, fulfilment } = holdOf(world, input.escrowId);
      const { status, releaseAt, pausedAt } = before;
      const facts = { status, fulfilment, paused: pausedAt !== null, releaseAt, buyerId };
      const stock = linesOf(world, input.escrowId);
      const request = { actor, reason, lines };
      const refused = openingRefusal(request, { ...facts, policy: disputes.policy, lines: stock }, at);
      if (refused) return { refused };
      const units = requestedUnits(request, stock);
      return freeze(world, input, { disputeId: input.disputeId, reason, openedBy: 'buyer', units, chargebackId: null });
    },
    async openBankDispute(input) {
      const world = worlds(input);
      await world.called('openBankDispute', input);
      const { disputeId, chargebackId, amountMinor } = input;
      const before = world.escrow(input.escrowId);
      if (before.version >= input.version) return { escrow: { ...before, applied: false }, dispute: null };
      const opened = { disputeId, reason: 'chargeback', openedBy: 'provider', units: [], chargebackId } as const;
      return freeze(world, input, opened, amountMinor);
    },
    async changeDispute(change) {
      const world = worlds(change);
      await world.called('changeDispute', change);
      const { disputeId, version, event, actor, dispute, at } = change;
      const applied = world.disputes.writeOnce(disputeId, version, `${event} by ${actor.id}`, () => {
        world.disputes.of(disputeId).dispute = dispute;
        world.disputes.changes.push({ disputeId, event, version, phase: dispute.phase, at });
      });
      const stored = world.disputes.of(disputeId);
      world.tellNews();
      return { applied, version: stored.version, dispute: stored.dispute };
    },
    async settlePart(write) {
      const world = worlds(write);
      await world.called('settlePart', write);
      return settle(world, write, 'dispute.settled', (moved, frozenMinor) => {
        moved.refunded += write.buyerMinor;
        moved.released += frozenMinor - write.buyerMinor;
        return {};
      });
    },
    async rejoinPart(write) {
      const world = worlds(write);
      await world.called('rejoinPart', write);
      return settle(world, write, 'dispute.rejoined', (_, frozenMinor, { restMinor = 0 }) => {
        world.disputes.of(write.disputeId).isFreed = write.replacement !== null;
        return { ...again(write), restMinor: restMinor + frozenMinor };
      });
    },
    async chargePartBack(write) {
      const world = worlds(write);
      await world.called('chargePartBack', write);
      return settle(world, write, 'dispute.charged_back', (moved, frozenMinor, { restMinor = 0 }) => {
        moved.chargedBack += write.amountMinor;
        const leftMinor = frozenMinor - write.amountMinor;
        return leftMinor === 0 ? {} : { ...again(write), restMinor: restMinor + leftMinor };
      });
    },
  };
}

/** The rest goes to the seller, or back to the buyer: how a hold ends that may have been in parts. */
export function restMoved(world: FakeWorld, write: EscrowWrite, to: 'released' | 'refunded') {
  return (before: StoredEscrow): Partial<StoredEscrow> => {
    const { restMinor, openDisputes = 0, releases = 0 } = before;
    if (restMinor === undefined) return { status: to };
    world.disputes.movedOf(write.escrowId)[to] += restMinor;
    const status = world.disputes.endOf(write.escrowId, { restMinor: 0, openDisputes }, to);
    return { restMinor: 0, pausedAt: null, status, ...(to === 'released' && { releases: releases + 1 }) };
  };
}

type Opened = Pick<DisputeCase, 'disputeId' | 'reason' | 'openedBy'> & {
  units: readonly FakeDispute['units'][number][];
  chargebackId: string | null;
};

function freeze(world: FakeWorld, write: EscrowWrite, opened: Opened, amountMinor = valueOf(opened.units)) {
  const { disputes } = world;
  const { units, chargebackId, ...known } = opened;
  const { escrowId, buyerId, sellerId, fulfilment, currency } = holdOf(world, write.escrowId);
  const about = {
    escrowId,
    buyerId,
    sellerId,
    fulfilment,
    currency,
    frozenMinor: amountMinor,
    policy: disputes.policy,
  };
  const dispute = beginDispute({ ...known, ...about }, write.at);
  disputes.all.set(known.disputeId, {
    dispute,
    version: 1,
    units: [...units],
    chargebackId,
    settled: false,
    isFreed: false,
  });
  const escrow = world.write(write, 'dispute.opened', ({ restMinor = 0, openDisputes = 0, frozenSince = null }) => ({
    restMinor: restMinor - amountMinor,
    openDisputes: openDisputes + 1,
    frozenSince: restMinor === amountMinor ? write.at : frozenSince,
  }));
  return { escrow, dispute };
}

type Moved = ReturnType<FakeDisputes['movedOf']>;

function settle(
  world: FakeWorld,
  write: EscrowWrite & { disputeId: string },
  event: string,
  change: (moved: Moved, frozenMinor: number, before: StoredEscrow) => Partial<StoredEscrow>,
): StoredEscrow {
  const { disputes } = world;
  const part = disputes.of(write.disputeId);
  if (part.settled) return { ...world.escrow(write.escrowId), applied: true };
  return world.write(write, event, (before) => {
    part.settled = true;
    const changed = change(disputes.movedOf(write.escrowId), part.dispute.frozenMinor, before);
    const { restMinor = 0, status } = { ...before, ...changed };
    const openDisputes = (before.openDisputes ?? 0) - 1;
    return { ...changed, openDisputes, status: disputes.endOf(write.escrowId, { restMinor, openDisputes }, status) };
  });
}

function again(write: { to: EscrowStatus } & Pick<StoredEscrow, 'shipBy' | 'deliveredBy' | 'releaseAt'>) {
  const { to: status, shipBy, deliveredBy, releaseAt } = write;
  return { status, shipBy, deliveredBy, releaseAt, frozenSince: null };
}

function holdOf(world: FakeWorld, escrowId: string): EscrowInput {
  const hold = world.disputes.holds.get(escrowId);
  if (!hold) throw new Error(`nothing is known of the parties of ${escrowId}`);
  return hold;
}

function valueOf(units: readonly { itemId: string; quantity: number }[]): number {
  return units.reduce((sum, { itemId, quantity }) => {
    return sum + quantity * (LINES.find((line) => line.itemId === itemId)?.unitMinor ?? 0);
  }, 0);
}

/** Once the rest is released, whatever was not contested is settled. */
function linesOf(world: FakeWorld, escrowId: string) {
  const { restMinor = 0 } = world.escrow(escrowId);
  return LINES.map(({ itemId, quantity }) => {
    const counted = (isSplit: boolean): number =>
      [...world.disputes.all.values()]
        .filter(({ isFreed, settled, dispute }) => !isFreed && isSplit === (settled && dispute.phase === 'resolved'))
        .flatMap(({ units }) => units.filter((unit) => unit.itemId === itemId))
        .reduce((sum, unit) => sum + unit.quantity, 0);
    const disputedQuantity = counted(false);
    const settledQuantity = restMinor === 0 ? quantity - disputedQuantity : counted(true);
    return { itemId, quantity, disputedQuantity, settledQuantity };
  });
}
