/** What an escrow knows of the parts that are contested, of what was decided about them, and of the buyer's bank. */

import type { DisputeCase, DisputeId } from '../../domain/disputes/dispute.ts';
import { sumMinor } from '../../domain/money.ts';
import type {
  ContestedCarried,
  DisputeResolved,
  EscrowChargebackClosed,
  EscrowChargebackOpened,
  OpenChargeback,
} from './contract.ts';

type Part = ContestedCarried['disputes'][number];
type BankTakes = ContestedCarried['bankTakes'][number];

export class Contested {
  readonly parts: Part[];
  readonly chargebacks: OpenChargeback[];
  private readonly decided: DisputeResolved[];
  private readonly closedEarly: EscrowChargebackClosed[];
  private readonly bankTakes: BankTakes[];

  constructor(carried?: ContestedCarried) {
    this.parts = [...(carried?.disputes ?? [])];
    this.decided = [...(carried?.decided ?? [])];
    this.chargebacks = (carried?.chargebacks ?? []).map((each) => ({ ...each, disputeIds: [...each.disputeIds] }));
    this.closedEarly = [...(carried?.closedEarly ?? [])];
    this.bankTakes = [...(carried?.bankTakes ?? [])];
  }

  get frozenMinor(): number {
    return sumMinor(this.parts.map((part) => part.frozenMinor));
  }

  has(disputeId: DisputeId): boolean {
    return this.parts.some((part) => part.disputeId === disputeId);
  }

  /** A part is frozen; where the bank opened its dispute, it covers the bank's matter. */
  add({ disputeId, frozenMinor }: Pick<DisputeCase, 'disputeId' | 'frozenMinor'>, chargebackId: string | null): void {
    this.parts.push({ disputeId, frozenMinor });
    const chargeback = this.chargebacks.find((each) => each.chargebackId === chargebackId);
    if (chargeback) cover(chargeback, { disputeId, frozenMinor });
  }

  /** The part is settled: nothing of it is frozen any more. */
  forget(disputeId: DisputeId): void {
    for (const list of [this.parts, this.decided, this.bankTakes]) removeFrom(list, disputeId);
  }

  decide(fact: DisputeResolved): void {
    if (this.has(fact.disputeId)) this.decided.push(fact);
  }

  /**
   * The part whose turn it is: not while the bank decides about it (its money must not go twice), and a replacement not
   * before the rest is settled on its own time, for undisputed money does not wait for a parcel.
   */
  nextDecided(restMinor: number): DisputeResolved | null {
    const isFree = ({ disputeId, replacement }: DisputeResolved): boolean => {
      if (this.chargebacks.some(({ disputeIds }) => disputeIds.includes(disputeId))) return false;
      return replacement === null || restMinor === 0 || this.takenByBank(disputeId) !== null;
    };
    return this.decided.find(isFree) ?? null;
  }

  /** The bank's matter that wants more of the hold than is frozen for it. */
  get uncovered(): OpenChargeback | null {
    return this.chargebacks.find(({ uncoveredMinor }) => uncoveredMinor > 0) ?? null;
  }

  /** Takes a new matter in and answers with the parts that it is about: all that no other matter is about. */
  bankOpened({ chargebackId, amountMinor }: EscrowChargebackOpened): OpenChargeback {
    const taken = this.chargebacks.flatMap(({ disputeIds }) => disputeIds);
    const chargeback: OpenChargeback = { chargebackId, amountMinor, uncoveredMinor: amountMinor, disputeIds: [] };
    for (const part of this.parts) if (!taken.includes(part.disputeId)) cover(chargeback, part);
    this.chargebacks.push(chargeback);
    return chargeback;
  }

  /**
   * The matter is decided. Lost: the bank takes its amount from the parts, in the order they were opened; a part of which
   * it needs nothing is as free as if it had been won. Null for a matter that nobody has heard of yet.
   */
  bankClosed(fact: EscrowChargebackClosed): { disputeId: DisputeId; result: 'won' | 'lost' }[] | null {
    const index = this.chargebacks.findIndex(({ chargebackId }) => chargebackId === fact.chargebackId);
    const chargeback = this.chargebacks[index];
    if (!chargeback) {
      this.closedEarly.push(fact);
      return null;
    }
    this.chargebacks.splice(index, 1);
    let leftMinor = fact.result === 'lost' ? chargeback.amountMinor : 0;
    return chargeback.disputeIds.map((disputeId) => {
      const frozenMinor = this.parts.find((part) => part.disputeId === disputeId)?.frozenMinor ?? 0;
      const amountMinor = Math.min(frozenMinor, leftMinor);
      leftMinor -= amountMinor;
      if (amountMinor === 0) return { disputeId, result: 'won' };
      this.bankTakes.push({ disputeId, chargebackId: fact.chargebackId, amountMinor });
      return { disputeId, result: 'lost' };
    });
  }

  /** The decision about this matter, where it came first; given once. */
  takeEarlyClose(chargebackId: string): EscrowChargebackClosed | null {
    const index = this.closedEarly.findIndex((fact) => fact.chargebackId === chargebackId);
    return index < 0 ? null : (this.closedEarly.splice(index, 1)[0] ?? null);
  }

  takenByBank(disputeId: DisputeId): BankTakes | null {
    return this.bankTakes.find((each) => each.disputeId === disputeId) ?? null;
  }

  carry(): ContestedCarried {
    const { parts: disputes, decided, chargebacks, closedEarly, bankTakes } = this;
    return { disputes, decided, chargebacks, closedEarly, bankTakes };
  }
}

function cover(chargeback: OpenChargeback, { disputeId, frozenMinor }: Part): void {
  chargeback.disputeIds.push(disputeId);
  chargeback.uncoveredMinor = Math.max(0, chargeback.uncoveredMinor - frozenMinor);
}

function removeFrom(list: { disputeId: DisputeId }[], disputeId: DisputeId): void {
  const kept = list.filter((each) => each.disputeId !== disputeId);
  list.splice(0, list.length, ...kept);
}
