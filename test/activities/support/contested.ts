/** A hold with lines on a real Postgres, and everything that its workflows would write about it and its disputes. */

import type { DisputeChange, OpenedDispute } from '../../../activities/records/disputes/dispute-records.ts';
import type { EscrowWrite, StoredEscrow } from '../../../activities/records/escrow-records.ts';
import { Dispute } from '../../../db/entities/dispute.entity.ts';
import { Escrow } from '../../../db/entities/escrow.entity.ts';
import { LedgerJournal } from '../../../db/entities/ledger-journal.entity.ts';
import { LedgerPosting } from '../../../db/entities/ledger-posting.entity.ts';
import { OrderItem } from '../../../db/entities/order-item.entity.ts';
import { balanceOf } from '../../../db/ledger/balances.ts';
import { newId } from '../../../db/new-id.ts';
import { holdAccount } from '../../../domain/accounts.ts';
import type { DisputeCase, DisputeId, DisputePhase, DisputeReason } from '../../../domain/disputes/dispute.ts';
import type { EscrowStatus } from '../../../domain/escrow.ts';
import type { EscrowId, OrderId, UserId } from '../../../domain/ids.ts';
import type { PresetName } from '../../../domain/policy/policy.ts';
import { listGoods, type Marketplace, orderOf, paidOrder } from './shop.ts';

const DAY_MS = 86_400_000;

export const ADMIN = { role: 'admin', id: 'usr_admin' } as const;

type Lines = readonly { priceMinor: number; quantity: number }[];
type HoldFacts = { preset?: PresetName; lines?: Lines; phase?: 'held' | 'shipped' | 'delivered' };

/** One vendor order that was paid, and how far it has come; each write has the next number. */
export class ContestedHold {
  readonly market: Marketplace;
  readonly escrowId: EscrowId;
  readonly orderId: OrderId;
  readonly sellerId: UserId;
  readonly grossMinor: number;
  /** By price, dearest first. */
  readonly itemIds: string[];
  /** The escrow as last stored. */
  stored: StoredEscrow | null = null;
  version = 1;

  private constructor(
    market: Marketplace,
    facts: Pick<ContestedHold, 'escrowId' | 'orderId' | 'sellerId' | 'grossMinor' | 'itemIds'>,
  ) {
    this.market = market;
    this.escrowId = facts.escrowId;
    this.orderId = facts.orderId;
    this.sellerId = facts.sellerId;
    this.grossMinor = facts.grossMinor;
    this.itemIds = facts.itemIds;
  }

  static async open(market: Marketplace, facts: HoldFacts = {}): Promise<ContestedHold> {
    const {
      preset = 'multi-vendor',
      lines = [
        { priceMinor: 6_000, quantity: 1 },
        { priceMinor: 2_000, quantity: 2 },
      ],
    } = facts;
    const ordered = [];
    for (const { priceMinor, quantity } of lines) {
      ordered.push({ listingId: await listGoods(market, { preset, priceMinor }), quantity });
    }
    const input = orderOf(market, ordered);
    const { placed } = await paidOrder(market, input);
    const [vendorOrder] = placed.vendorOrders;
    if (!vendorOrder) throw new Error('an order has a vendor order');
    const items = await market.orm.em
      .fork()
      .find(OrderItem, { orderId: input.orderId }, { orderBy: { unitPriceMinor: 'desc', id: 'asc' } });
    const { escrowId, sellerId, grossMinor } = vendorOrder;
    const itemIds = items.map(({ id }) => id);
    const hold = new ContestedHold(market, { escrowId, orderId: input.orderId, sellerId, grossMinor, itemIds });
    const { phase = 'delivered' } = facts;
    if (phase !== 'held') await hold.move('shipped', { carrier: 'DHL', trackingNumber: 'JD01' });
    if (phase === 'delivered') await hold.move('delivered', { releaseAt: hold.later(7 * DAY_MS) });
    return hold;
  }

  later(byMs: number): string {
    return new Date(Date.now() + byMs).toISOString();
  }

  item(index: number): string {
    const itemId = this.itemIds[index];
    if (itemId === undefined) throw new Error(`no line ${index}`);
    return itemId;
  }

  /** The next write. */
  write(actor: EscrowWrite['actor'] = ADMIN): EscrowWrite {
    const { escrowId, orderId } = this;
    return { escrowId, orderId, version: this.version + 1, actor, reason: null, at: new Date().toISOString() };
  }

  adopt(stored: StoredEscrow): StoredEscrow {
    this.version = stored.version;
    this.stored = stored;
    return stored;
  }

  async move(
    to: Exclude<EscrowStatus, 'released' | 'refunded' | 'split' | 'disputed' | 'held'>,
    clocks: { releaseAt?: string; carrier?: string; trackingNumber?: string } = {},
  ): Promise<StoredEscrow> {
    const at = { shipBy: null, deliveredBy: null, releaseAt: null, pausedAt: null, accessedAt: null, ...clocks };
    return this.adopt(await this.market.records.changeEscrow({ ...this.write(), event: `escrow.${to}`, to, ...at }));
  }

  async dispute(
    units: readonly (readonly [line: number, quantity: number])[] = [],
    more: { disputeId?: DisputeId; reason?: DisputeReason; at?: string; version?: number; buyerId?: UserId } = {},
  ): Promise<OpenedDispute> {
    const { disputeId = newId('dispute'), reason: disputeReason = 'damaged' } = more;
    const actor = { role: 'buyer', id: more.buyerId ?? this.market.buyerId } as const;
    const write = {
      ...this.write(actor),
      ...(more.at && { at: more.at }),
      ...(more.version && { version: more.version }),
    };
    const lines = units.map(([line, quantity]) => ({ itemId: this.item(line), quantity }));
    const opened = await this.market.records.openDispute({
      ...write,
      disputeId,
      disputeReason,
      description: 'It broke.',
      lines,
    });
    if ('escrow' in opened) this.adopt(opened.escrow);
    return opened;
  }

  /** The dispute, for a test that has no doubt about it. */
  async opened(units: readonly (readonly [line: number, quantity: number])[] = []): Promise<DisputeCase> {
    return caseOf(await this.dispute(units));
  }

  async bankDispute(chargebackId: string, amountMinor: number): Promise<DisputeCase> {
    const write = this.write({ role: 'provider', id: 'stripe' });
    const input = { ...write, disputeId: newId('dispute'), chargebackId, amountMinor };
    const opened = await this.market.records.openBankDispute(input);
    if ('escrow' in opened) this.adopt(opened.escrow);
    return caseOf(opened);
  }

  /** The dispute's workflow has ended it. */
  async close(dispute: DisputeCase, phase: 'resolved' | 'withdrawn' = 'resolved'): Promise<void> {
    await this.market.records.changeDispute(this.changeOf(dispute, phase, 2));
  }

  changeOf(dispute: DisputeCase, phase: DisputePhase, version: number): DisputeChange {
    const { disputeId, escrowId } = dispute;
    const event = phase === 'withdrawn' ? 'dispute.withdrawn' : 'dispute.resolved';
    const deadlineAt = phase === 'resolved' || phase === 'withdrawn' ? null : dispute.deadlineAt;
    const change = { disputeId, escrowId, orderId: this.orderId, version, event, actor: ADMIN, reason: null } as const;
    return { ...change, at: new Date().toISOString(), dispute: { ...dispute, phase, deadlineAt } };
  }

  /** Ended, refunded at the provider, settled. */
  async settle(dispute: DisputeCase, buyerMinor: number): Promise<StoredEscrow> {
    await this.close(dispute);
    const { disputeId } = dispute;
    const { refundId } = await this.market.atProvider.refundPart({ disputeId, amountMinor: buyerMinor });
    return this.adopt(await this.market.records.settlePart({ ...this.write(), disputeId, buyerMinor, refundId }));
  }

  async rejoin(
    { disputeId }: DisputeCase,
    to: 'shipped' | 'delivered' | 'held' = 'delivered',
    replacement: { carrier: string; trackingNumber: string } | null = null,
  ): Promise<StoredEscrow> {
    const clocks = {
      shipBy: to === 'held' ? this.later(DAY_MS) : null,
      deliveredBy: to === 'shipped' ? this.later(DAY_MS) : null,
      releaseAt: to === 'delivered' ? this.later(DAY_MS) : null,
    };
    const write = { ...this.write(), disputeId, to, ...clocks, replacement };
    return this.adopt(await this.market.records.rejoinPart(write));
  }

  async chargeBack({ disputeId }: DisputeCase, chargebackId: string, amountMinor: number): Promise<StoredEscrow> {
    const again = { to: 'delivered', shipBy: null, deliveredBy: null, releaseAt: this.later(DAY_MS) } as const;
    const write = { ...this.write(), disputeId, chargebackId, amountMinor, ...again };
    return this.adopt(await this.market.records.chargePartBack(write));
  }

  async release(): Promise<StoredEscrow> {
    return this.adopt(await this.market.records.releaseHold(this.write()));
  }

  async refund(): Promise<StoredEscrow> {
    await this.move('refunding');
    const refunded = await this.market.atProvider.refundHold({ escrowId: this.escrowId });
    return this.adopt(await this.market.records.finishRefund({ ...this.write(), ...refunded }));
  }

  async row(): Promise<Escrow> {
    return this.market.orm.em.fork().findOneOrFail(Escrow, { id: this.escrowId });
  }

  async disputeRow({ disputeId }: Pick<DisputeCase, 'disputeId'>): Promise<Dispute> {
    return this.market.orm.em.fork().findOneOrFail(Dispute, { id: disputeId });
  }

  async balanceMinor(): Promise<number> {
    const { currency } = await this.row();
    return balanceOf(this.market.orm.em.fork(), holdAccount(this.escrowId), currency);
  }

  /** What a journal moved, by account; null where there is none. */
  async journal(key: string): Promise<Record<string, number> | null> {
    const em = this.market.orm.em.fork();
    const journal = await em.findOne(LedgerJournal, { key });
    if (!journal) return null;
    const lines = await em.find(LedgerPosting, { journalId: journal.id });
    return Object.fromEntries(lines.map((line) => [line.account, line.amountMinor]));
  }
}

/** The dispute that was opened; throws with the code it was refused with. */
export function caseOf(opened: OpenedDispute): DisputeCase {
  if ('refused' in opened) throw new Error(`refused: ${opened.refused.code}`);
  if (opened.dispute === null) throw new Error('another change had the number');
  return opened.dispute;
}

export function refusalOf(opened: OpenedDispute): string | null {
  return 'refused' in opened ? opened.refused.code : null;
}
