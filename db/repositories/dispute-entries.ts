/**
 * What people add to a dispute: messages and files. Both take the lock on the dispute's row that its workflow's writes take,
 * so an entry belongs to exactly one phase and a sealed phase gets no more.
 */

import type { EntityManager } from '@mikro-orm/postgresql';
import { disputeRefusal } from '../../domain/disputes/commands.ts';
import type { DisputeActor, DisputeCase, DisputeId, DisputePhase } from '../../domain/disputes/dispute.ts';
import type { Refusal } from '../../domain/escrow-commands.ts';
import type { FactType } from '../../domain/facts.ts';
import type { EscrowId, Id, OrderId, UserId } from '../../domain/ids.ts';
import { DisputeEvidence } from '../entities/dispute-evidence.entity.ts';
import { DisputeMessage } from '../entities/dispute-message.entity.ts';
import { DomainEvent } from '../entities/domain-event.entity.ts';
import { newId } from '../new-id.ts';

/** Who says something: a person, by the part they play. */
export type Author = { role: 'buyer' | 'seller' | 'admin' | 'verifier'; id: UserId };

type NewMessage = { id: Id<'message'>; disputeId: DisputeId; author: Author; body: string };

type NewFile = {
  id: Id<'evidence'>;
  disputeId: DisputeId;
  /** The phase the file was brought for. */
  phase: DisputePhase;
  author: Author;
  fileName: string;
  mediaType: string;
  sha256: string;
  bytes: Buffer;
};

/** An entry, or why there is none: refused by the dispute's rules, or no such dispute (null). */
export type Added<T> = { added: T; isNew: boolean } | { refused: Refusal } | null;

type LockedDispute = {
  orderId: OrderId;
  escrowId: EscrowId;
  phase: DisputePhase;
  version: number;
  content: DisputeCase;
};

/** Adds a message; the same id again answers the message as it is there. */
export function addMessage(em: EntityManager, message: NewMessage): Promise<Added<DisputeMessage>> {
  const { id, disputeId, author, body } = message;
  return underLock(em, disputeId, async (tx, locked) => {
    const before = await tx.findOne(DisputeMessage, { id });
    if (before) return { added: before, isNew: false };
    const at = new Date();
    const refused = disputeRefusal({ kind: 'message', actor: author, text: body }, locked.content, at.toISOString());
    if (refused) return { refused };
    await insertMessage(tx, message, locked.phase, at);
    await tellOf(tx, 'dispute.message', author, at, locked, { disputeId, messageId: id });
    return { added: await tx.findOneOrFail(DisputeMessage, { id }), isNew: true };
  });
}

/**
 * Keeps what somebody said with a request that the dispute's workflow has carried out already (a response, an appeal, a
 * verdict), so that all that was said is in one place. `phase`: the one it was said in. The same id again changes nothing.
 */
export async function keepStatement(em: EntityManager, message: NewMessage, phase: DisputePhase): Promise<void> {
  await underLock(em, message.disputeId, async (tx) => {
    const before = await tx.findOne(DisputeMessage, { id: message.id });
    if (!before) await insertMessage(tx, message, phase, new Date());
    return null;
  });
}

/** Adds a file, at most `maxFiles` of people's to a dispute; the same bytes again answer the file that is there. */
export function addEvidence(
  em: EntityManager,
  file: NewFile,
  { maxFiles }: { maxFiles: number },
): Promise<Added<DisputeEvidence>> {
  const { id, disputeId, phase, author, sha256 } = file;
  return underLock(em, disputeId, async (tx, locked) => {
    const before = await tx.findOne(DisputeEvidence, { disputeId, sha256 });
    if (before) return { added: before, isNew: false };
    const at = new Date();
    const refused = disputeRefusal(
      { kind: 'evidence', actor: author, sha256, phase },
      locked.content,
      at.toISOString(),
    );
    if (refused) return { refused };
    if ((await tx.count(DisputeEvidence, { disputeId, authorRole: { $ne: 'system' } })) >= maxFiles) {
      return { refused: { code: 'evidence_limit_reached', message: `a dispute has at most ${maxFiles} files` } };
    }
    const { fileName, mediaType, bytes } = file;
    const rest = { authorRole: author.role, authorId: author.id, fileName, mediaType, sizeBytes: bytes.length, bytes };
    await tx.insert(DisputeEvidence, { id, disputeId, phase: locked.phase, sha256, at, ...rest });
    await tellOf(tx, 'dispute.evidence', author, at, locked, { disputeId, evidenceId: id, sha256 });
    return { added: await tx.findOneOrFail(DisputeEvidence, { id }), isNew: true };
  });
}

function underLock<T>(
  em: EntityManager,
  disputeId: DisputeId,
  use: (tx: EntityManager, locked: LockedDispute) => Promise<T>,
): Promise<T | null> {
  return em.fork().transactional(async (tx) => {
    const [locked] = await tx.execute<LockedDispute[]>(
      `select order_id as "orderId", escrow_id as "escrowId", phase, version, content
       from dispute where id = ? for no key update`,
      [disputeId],
    );
    const result = locked ? await use(tx, locked) : null;
    // What was read need not be compared with what was read once more.
    tx.clear();
    return result;
  });
}

async function insertMessage(
  tx: EntityManager,
  { id, disputeId, author, body }: NewMessage,
  phase: DisputePhase,
  at: Date,
): Promise<void> {
  await tx.insert(DisputeMessage, { id, disputeId, phase, authorRole: author.role, authorId: author.id, body, at });
}

async function tellOf(
  tx: EntityManager,
  type: FactType,
  author: DisputeActor & Author,
  at: Date,
  { orderId, escrowId, version }: LockedDispute,
  data: { disputeId: DisputeId } & Record<string, string>,
): Promise<void> {
  await tx.insert(DomainEvent, {
    id: newId('event'),
    type,
    orderId,
    escrowId,
    subjectId: data.disputeId,
    actorRole: author.role,
    actorId: author.id,
    data: { ...data, version },
    at,
  });
}
