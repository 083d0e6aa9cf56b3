/** Reviewing flags: the queue, one flag with its history, and what a person decides. Only here does an account change. */

import { type EntityManager, type FilterQuery, raw } from '@mikro-orm/postgresql';
import type { Refusal } from '../../domain/escrow-commands.ts';
import { type FlagStatus, flagStatusAfter, type ReviewOutcome, reviewRefusal } from '../../domain/fraud/review.ts';
import type { FraudRuleCode, FraudSeverity } from '../../domain/fraud/rules.ts';
import type { Id, UserId } from '../../domain/ids.ts';
import { FraudDecision } from '../entities/fraud-decision.entity.ts';
import { FraudFlag } from '../entities/fraud-flag.entity.ts';
import { UserAccount } from '../entities/user-account.entity.ts';

export type FlagQuery = {
  status?: FlagStatus;
  rule?: FraudRuleCode;
  severity?: FraudSeverity;
  userId?: UserId;
  page: number;
  limit: number;
};

/** A flag and the account it is about. */
export type FlagRow = { flag: FraudFlag; user: UserAccount };

/** Also all decisions about it, oldest first, and the account's other flags, newest first. */
export type FlagFile = FlagRow & { decisions: FraudDecision[]; others: FraudFlag[] };

const MOST_SEVERE_FIRST = raw(`case severity when 'high' then 1 when 'medium' then 2 else 3 end`);
const OPEN_FIRST = raw(`status <> 'open'`);
const OTHERS_SHOWN = 50;

/** One page: open ones first, the most severe of them first, and of those the oldest. */
export async function listFlags(em: EntityManager, query: FlagQuery): Promise<{ rows: FlagRow[]; total: number }> {
  const { status, rule, severity, userId, page, limit } = query;
  const where: FilterQuery<FraudFlag> = {
    ...(status && { status }),
    ...(rule && { rule }),
    ...(severity && { severity }),
    ...(userId && { userId }),
  };
  const [flags, total] = await em.findAndCount(FraudFlag, where, {
    orderBy: [{ [OPEN_FIRST]: 'asc' }, { [MOST_SEVERE_FIRST]: 'asc' }, { raisedAt: 'asc' }, { id: 'asc' }],
    limit,
    offset: (page - 1) * limit,
    refresh: true,
  });
  const users = await em.find(UserAccount, { id: { $in: flags.map((flag) => flag.userId) } }, { refresh: true });
  const byId = new Map(users.map((user) => [user.id, user]));
  const rows = flags.flatMap((flag) => {
    const user = byId.get(flag.userId);
    return user ? [{ flag, user }] : [];
  });
  return { rows, total };
}

/** Null when there is no such flag. */
export async function findFlag(em: EntityManager, id: Id<'flag'>): Promise<FlagFile | null> {
  const flag = await em.findOne(FraudFlag, { id }, { refresh: true });
  if (!flag) return null;
  const { userId } = flag;
  return {
    flag,
    user: await em.findOneOrFail(UserAccount, { id: userId }, { refresh: true }),
    decisions: await em.find(FraudDecision, { flagId: id }, { orderBy: { seq: 'asc' } }),
    others: await em.find(
      FraudFlag,
      { userId, id: { $ne: id } },
      { orderBy: { raisedAt: 'desc', id: 'desc' }, limit: OTHERS_SHOWN },
    ),
  };
}

export type Decision = {
  flagId: Id<'flag'>;
  reviewer: { id: UserId; isAdmin: boolean };
  outcome: ReviewOutcome;
  note: string;
};

type Locked = { user_id: UserId; status: FlagStatus; is_staff: boolean };

/**
 * Decides about a flag, with what follows for the account at once; of several at a time one decides. The same decision
 * again, by the same person, is done already. Null when there is no such flag.
 */
export function decideFlag(em: EntityManager, decision: Decision): Promise<{ refused: Refusal | null } | null> {
  const { flagId, reviewer, outcome } = decision;
  return em.fork().transactional(async (tx) => {
    const [locked] = await tx.execute<Locked[]>(
      `select g.user_id, g.status, u.roles && array['moderator', 'verifier', 'admin'] as is_staff
       from fraud_flag g join user_account u on u.id = g.user_id where g.id = ? for no key update`,
      [flagId],
    );
    if (!locked) return null;
    if (await isRepeat(tx, decision)) return { refused: null };
    const account = { id: locked.user_id, isStaff: locked.is_staff };
    const refused = reviewRefusal({ reviewer, account, status: locked.status, outcome });
    if (refused) return { refused };
    await writeDecision(tx, decision, account.id);
    await applyToAccount(tx, account.id, outcome, locked.status);
    return { refused: null };
  });
}

async function isRepeat(tx: EntityManager, { flagId, reviewer, outcome, note }: Decision): Promise<boolean> {
  const [last] = await tx.find(FraudDecision, { flagId }, { orderBy: { seq: 'desc' }, limit: 1, refresh: true });
  return last?.decidedBy === reviewer.id && last.outcome === outcome && last.note === note;
}

async function writeDecision(tx: EntityManager, decision: Decision, userId: UserId): Promise<void> {
  const { flagId, reviewer, outcome, note } = decision;
  await tx.execute(
    `update fraud_flag set status = ?, decided_by = ?, decided_at = now(), note = ?, updated_at = now() where id = ?`,
    [flagStatusAfter(outcome), reviewer.id, note, flagId],
  );
  await tx.execute(`insert into fraud_decision (flag_id, user_id, outcome, decided_by, note) values (?, ?, ?, ?, ?)`, [
    flagId,
    userId,
    outcome,
    reviewer.id,
    note,
  ]);
}

/** Whether another flag of the account has led to this and still stands: the flag at hand is written already. */
const stands = (status: FlagStatus): string =>
  `exists (select from fraud_flag g where g.user_id = u.id and g.status = '${status}')`;

async function applyToAccount(
  tx: EntityManager,
  userId: UserId,
  outcome: ReviewOutcome,
  before: FlagStatus,
): Promise<void> {
  if (outcome === 'limit') {
    await tx.execute(`update user_account set limited_at = coalesce(limited_at, now()) where id = ?`, [userId]);
  } else if (outcome === 'suspend') {
    await tx.execute(`update user_account set status = 'suspended' where id = ? and status = 'active'`, [userId]);
    await tx.execute(`update refresh_token set revoked_at = now() where user_id = ? and revoked_at is null`, [userId]);
  } else {
    await tx.execute(
      `update user_account u set limited_at = case when ${stands('limited')} then limited_at end where id = ?`,
      [userId],
    );
    if (before === 'suspended') {
      await tx.execute(
        `update user_account u set status = 'active' where id = ? and status = 'suspended' and not ${stands('suspended')}`,
        [userId],
      );
    }
  }
}
