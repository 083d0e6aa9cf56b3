/** Activities of chargebacks in memory: one bank's matter each, that can be told what the holds and sellers have. */

import { EventEmitter, on } from 'node:events';
import type { ProviderActivities, RecordActivities } from '../../../activities/index.ts';
import type { ChargebackShare, ChargebackStatus } from '../../../domain/disputes/chargeback.ts';
import type { EscrowId } from '../../../domain/ids.ts';

/** How long a test waits for something that never happens. */
const PATIENCE_MS = 20_000;

type Claim = { escrowId: EscrowId; amountMinor: number };

export class FakeChargeback {
  /** Every activity that was called, in order, and what the money steps were called with. */
  readonly calls: string[] = [];
  shares: ChargebackShare[] = [];
  /** Holds that have not given theirs yet. */
  readonly waiting = new Set<EscrowId>();
  claims: Claim[] = [];
  feeMinor = 0;
  /** The bank takes evidence. */
  listens = true;
  evidenceSentAt: string | null = null;
  status: ChargebackStatus = 'open';
  settled = false;
  private readonly news = new EventEmitter();

  called(name: string): void {
    this.calls.push(name);
    this.news.emit('change');
  }

  count(name: string): number {
    return this.calls.filter((call) => call === name).length;
  }

  /** Resolves as soon as it is as described; fails when it does not become so. */
  async until(described: (chargeback: this) => boolean): Promise<void> {
    if (described(this)) return;
    const signal = AbortSignal.timeout(PATIENCE_MS);
    try {
      for await (const _ of on(this.news, 'change', { signal })) if (described(this)) return;
    } catch (error) {
      if (signal.aborted) throw new Error(`it did not become as described: ${this.calls.join(', ')}`);
      throw error;
    }
  }
}

/** Those of all tests of a process, by their ids: no id is used twice. */
const known = new Map<string, FakeChargeback>();

/** A chargeback whose holds and sellers have what `prepare` says. */
export function fakeChargeback(
  chargebackId: string,
  prepare: (fake: FakeChargeback) => void = () => {},
): FakeChargeback {
  const fake = new FakeChargeback();
  prepare(fake);
  known.set(chargebackId, fake);
  return fake;
}

type Fakes = Pick<
  RecordActivities & ProviderActivities,
  | 'openChargeback'
  | 'noteChargebackFee'
  | 'closeChargeback'
  | 'heldShares'
  | 'claimReleased'
  | 'takeBack'
  | 'settleChargeback'
  | 'reverseTransfers'
  | 'submitEvidence'
>;

export function createFakeChargebacks(): Fakes {
  const find = (chargebackId: string): FakeChargeback => {
    const chargeback = known.get(chargebackId);
    if (!chargeback) throw new Error(`nobody has made ${chargebackId}`);
    return chargeback;
  };
  const called = (name: string, { chargebackId }: { chargebackId: string }): FakeChargeback => {
    const chargeback = find(chargebackId);
    chargeback.called(name);
    return chargeback;
  };
  return {
    async openChargeback(input) {
      const { status, settled, evidenceSentAt, shares } = called('openChargeback', input);
      return { status, settled, evidenceSentAt, shares };
    },
    async noteChargebackFee(input) {
      const chargeback = find(input.chargebackId);
      chargeback.feeMinor = Math.max(chargeback.feeMinor, input.feeMinor);
      chargeback.called('noteChargebackFee');
    },
    async closeChargeback(input) {
      called(`closeChargeback ${input.status}`, input).status = input.status;
    },
    async heldShares(input) {
      const { shares, waiting } = called('heldShares', input);
      const held = shares.filter(({ heldMinor }) => heldMinor > 0);
      return held.map(({ escrowId }) => ({ escrowId, done: !waiting.has(escrowId) }));
    },
    async claimReleased(input) {
      return called('claimReleased', input).claims;
    },
    async takeBack(input) {
      const claim = called(`takeBack ${input.escrowId}`, input).claims.find(
        ({ escrowId }) => escrowId === input.escrowId,
      );
      return { reversedMinor: 0, walletMinor: 0, owedMinor: claim?.amountMinor ?? 0 };
    },
    async settleChargeback(input) {
      called('settleChargeback', input).settled = true;
    },
    async reverseTransfers(input) {
      called(`reverseTransfers ${input.escrowId}`, input);
      return { reversedMinor: 0 };
    },
    async submitEvidence(input) {
      const chargeback = find(input.chargebackId);
      if (chargeback.listens) chargeback.evidenceSentAt ??= input.at;
      chargeback.called(`submitEvidence ${input.actor.role}`);
      return { submittedAt: chargeback.listens ? chargeback.evidenceSentAt : null };
    },
  };
}
