/** Giving up what a seller owes: by an admin, with a reason, never more than is owed. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { Currency } from '../../domain/currencies.ts';
import { writeOffRefusal } from '../../domain/disputes/claw-back.ts';
import type { Refusal } from '../../domain/escrow-commands.ts';
import type { Id, UserId } from '../../domain/ids.ts';
import { sumMinor } from '../../domain/money.ts';
import { receivableWrittenOff } from '../../domain/postings.ts';
import { ClawBack } from '../entities/claw-back.entity.ts';
import { DomainEvent } from '../entities/domain-event.entity.ts';
import { LedgerJournal } from '../entities/ledger-journal.entity.ts';
import { postJournals } from '../ledger/post.ts';
import { lockOwedBy, owedBy } from '../ledger/receivables.ts';
import { newId } from '../new-id.ts';

/** `id` follows from the request: the same id is the same write-off. */
export type WriteOff = {
  id: Id<'event'>;
  adminId: UserId;
  sellerId: UserId;
  currency: Currency;
  amountMinor: number;
  reason: string;
};

/** What is still owed afterwards, or why nothing was written off. */
export type WrittenOff = { owedMinor: number } | { refused: Refusal };

/** A part of a debt that is given up, with the claim it came from. */
type Part = { claim: ClawBack; amountMinor: number };

export function writeOff(em: EntityManager, request: WriteOff): Promise<WrittenOff> {
  const { sellerId, currency, amountMinor, reason } = request;
  return em.fork().transactional(async (tx) => {
    const owedMinor = await lockOwedBy(tx, sellerId, currency);
    const claims = await tx.find(ClawBack, { sellerId, currency }, { orderBy: { claimedAt: 'asc', escrowId: 'asc' } });
    if (await isDone(tx, request, claims)) return { owedMinor };
    const refused = writeOffRefusal({ role: 'admin', reason, amountMinor }, owedMinor);
    if (refused) return { refused };
    for (const part of partsOf(claims, owedMinor, amountMinor)) await giveUp(tx, request, part);
    return { owedMinor: await owedBy(tx, sellerId, currency) };
  });
}

const referenceOf = ({ id }: WriteOff, { chargebackId }: ClawBack): string => `${chargebackId}:${id}`;

async function isDone(tx: EntityManager, request: WriteOff, claims: readonly ClawBack[]): Promise<boolean> {
  const keys = claims.map((claim) => `escrow/${claim.escrowId}:written-off:${referenceOf(request, claim)}`);
  return (await tx.count(LedgerJournal, { key: { $in: keys } })) > 0;
}

/** Later releases have paid the oldest debts first; of what is left, the oldest is given up first. */
function partsOf(claims: readonly ClawBack[], owedMinor: number, amountMinor: number): Part[] {
  const open = claims.map((claim) => ({ claim, amountMinor: claim.owedMinor - claim.writtenOffMinor }));
  const afterPaid = takeFrom(open, sumMinor(open.map((part) => part.amountMinor)) - owedMinor);
  const left = open.map((part, index) => ({ ...part, amountMinor: part.amountMinor - (afterPaid[index] ?? 0) }));
  const given = takeFrom(left, amountMinor);
  const parts = left.map((part, index) => ({ ...part, amountMinor: given[index] ?? 0 }));
  return parts.filter((part) => part.amountMinor > 0);
}

/** How much of each part is used when this much is taken from the first, then the second ... */
function takeFrom(parts: readonly Part[], wantedMinor: number): number[] {
  let leftMinor = wantedMinor;
  const used = parts.map(({ amountMinor }) => {
    const usedMinor = Math.min(leftMinor, amountMinor);
    leftMinor -= usedMinor;
    return usedMinor;
  });
  if (leftMinor !== 0) throw new Error(`the claims of a seller do not explain what they owe: ${leftMinor}`);
  return used;
}

async function giveUp(tx: EntityManager, request: WriteOff, { claim, amountMinor }: Part): Promise<void> {
  const { chargebackId, escrowId, orderId, sellerId, currency } = claim;
  const reference = referenceOf(request, claim);
  await postJournals(tx, [receivableWrittenOff({ escrowId, orderId, sellerId, currency, amountMinor, reference })]);
  const writtenOffMinor = claim.writtenOffMinor + amountMinor;
  await tx.nativeUpdate(ClawBack, { chargebackId, escrowId }, { writtenOffMinor, updatedAt: new Date() });
  await tx.insert(DomainEvent, {
    id: newId('event'),
    type: 'claw_back.written_off',
    orderId,
    escrowId,
    subjectId: chargebackId,
    actorRole: 'admin',
    actorId: request.adminId,
    data: { writeOffId: request.id, chargebackId, sellerId, amountMinor, reason: request.reason },
    at: new Date(),
  });
}
