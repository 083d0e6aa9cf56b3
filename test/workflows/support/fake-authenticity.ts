/** What a verifier leg writes, in memory: numbered changes, as the records store them in Postgres. */

import { ApplicationFailure } from '@temporalio/activity';
import type {
  AuthenticityRecords,
  StoredAuthenticity,
} from '../../../activities/records/authenticity/authenticity-records.ts';
import type { AuthenticityCase } from '../../../domain/authenticity/case.ts';
import { beginAuthenticity } from '../../../domain/authenticity/progress.ts';
import type { Scan } from '../../../domain/authenticity/told.ts';
import type { AuthenticityPolicy } from '../../../domain/policy/policy.ts';
import type { Worlds } from './fake-activities.ts';
import { authenticityPolicy } from './policies.ts';

type Change = { event: string; version: number; phase: string; at: string };

/** The verifier legs of a world. */
export class FakeAuthenticity {
  policy: AuthenticityPolicy = authenticityPolicy();
  /** Whoever is assigned is an active verifier, but for these. */
  readonly unknownVerifiers = new Set<string>();
  readonly changes: Change[] = [];
  readonly custody: Scan['step'][] = [];
  private readonly stored = new Map<string, { version: number; leg: AuthenticityCase }>();
  private readonly numbers = new Map<string, string>();

  of(escrowId: string): { version: number; leg: AuthenticityCase } | undefined {
    return this.stored.get(escrowId);
  }

  /** What is there before a test starts, or a change behind the back of a running leg: another worker had committed it. */
  store(leg: AuthenticityCase, version: number): void {
    this.stored.set(leg.escrowId, { version, leg });
  }

  write(made: string, version: number, leg: AuthenticityCase, change: () => void): StoredAuthenticity {
    const number = `${leg.escrowId} ${version}`;
    const before = this.stored.get(leg.escrowId);
    if (before && before.version >= version) {
      return { applied: this.numbers.get(number) === made, version: before.version, authenticity: before.leg };
    }
    this.numbers.set(number, made);
    this.store(leg, version);
    change();
    return { applied: true, version, authenticity: leg };
  }
}

export function authenticityRecords(worlds: Worlds): AuthenticityRecords {
  return {
    async openAuthenticity(input) {
      const world = worlds(input);
      await world.called('openAuthenticity', input);
      const { escrowId, orderId, at } = input;
      const begun = world.authenticity.of(escrowId);
      if (begun) return { applied: true, version: begun.version, authenticity: begun.leg };
      const hold = world.disputes.holds.get(escrowId);
      if (!hold) throw new Error(`no hold ${escrowId} here`);
      const { vendorOrderId, buyerId, sellerId, currency, grossMinor: itemsMinor } = hold;
      const parties = { buyerId, sellerId, partyIds: [buyerId, sellerId] };
      const { policy } = world.authenticity;
      const leg = beginAuthenticity({ escrowId, orderId, vendorOrderId, ...parties, currency, itemsMinor, policy }, at);
      world.authenticity.store(leg, 1);
      return { applied: true, version: 1, authenticity: leg };
    },
    async changeAuthenticity(change) {
      const world = worlds(change);
      await world.called('changeAuthenticity', change);
      const { event, version, at, actor, authenticity: leg, scan } = change;
      if (event === 'authenticity.assigned' && world.authenticity.unknownVerifiers.has(leg.verifierId ?? '')) {
        throw ApplicationFailure.create({ type: 'verifier_not_found', nonRetryable: true, category: 'BENIGN' });
      }
      const stored = world.authenticity.write(`${event} by ${actor.role} ${actor.id}`, version, leg, () => {
        world.authenticity.changes.push({ event, version, phase: leg.phase, at });
        if (scan) world.authenticity.custody.push(scan.step);
      });
      world.tellNews();
      return stored;
    },
    async lowerPrice(write) {
      const world = worlds(write);
      await world.called('lowerPrice', write);
      return world.write(write, 'escrow.price_lowered', ({ restMinor = 0 }) => ({
        restMinor: restMinor - write.amountMinor,
      }));
    },
  };
}
