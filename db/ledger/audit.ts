/** The audit of the books: every invariant that the tables can tell about, with whatever breaks it. */

import { type EntityManager, IsolationLevel } from '@mikro-orm/postgresql';
import type { EscrowStatus } from '../../domain/escrow.ts';
import { aggregateOrderStatus, type OrderStatus } from '../../domain/order.ts';
import { BOOKS } from './invariants/books.ts';
import { CHARGEBACKS } from './invariants/chargebacks.ts';
import { DISPUTES } from './invariants/disputes.ts';
import { FORECASTERS } from './invariants/forecasters.ts';
import { HOLDS } from './invariants/holds.ts';
import type { Invariant } from './invariants/invariant.ts';
import { MARKETS } from './invariants/markets.ts';
import { OUTSIDE } from './invariants/outside.ts';
import { PURCHASES } from './invariants/purchases.ts';
import { REFERRALS } from './invariants/referrals.ts';

/** One invariant's outcome: how many rows break it, and the first of them. */
export type AuditFinding = { name: string; violations: number; rows: Record<string, unknown>[] };

export type AuditReport = { clean: boolean; findings: AuditFinding[] };

const INVARIANTS = [
  ...BOOKS,
  ...HOLDS,
  ...DISPUTES,
  ...CHARGEBACKS,
  ...REFERRALS,
  ...OUTSIDE,
  ...MARKETS,
  ...FORECASTERS,
  ...PURCHASES,
];

/** Rows shown of one invariant. */
const ROWS_SHOWN = 20;

/**
 * Checks every invariant on one snapshot of the database. Meant for books at rest: what a running step has done at a
 * provider but not yet posted shows up as a violation.
 */
export function auditLedger(em: EntityManager): Promise<AuditReport> {
  return em.fork().transactional(
    async (tx) => {
      const findings: AuditFinding[] = [];
      for (const invariant of INVARIANTS) findings.push(await check(tx, invariant));
      findings.push(await checkOrderStatuses(tx));
      return { clean: findings.every((finding) => finding.violations === 0), findings };
    },
    { isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true },
  );
}

async function check(em: EntityManager, { name, violations }: Invariant): Promise<AuditFinding> {
  const rows = await em.execute<(Record<string, unknown> & { total: number })[]>(
    `select *, (count(*) over ())::int as total from (${violations}) violation limit ${ROWS_SHOWN}`,
  );
  return { name, violations: rows[0]?.total ?? 0, rows: rows.map(({ total: _total, ...row }) => row) };
}

type StatusGroup = { status: OrderStatus; escrow_statuses: EscrowStatus[]; orders: number; example: string };

/** The one rule that is code: how an order's state follows from its escrows. Asked once for each combination. */
async function checkOrderStatuses(em: EntityManager): Promise<AuditFinding> {
  const groups = await em.execute<StatusGroup[]>(
    `select status, escrow_statuses, count(*)::int as orders, min(id) as example
     from (
       select o.id, o.status, array_agg(distinct e.status order by e.status) as escrow_statuses
       from orders o join escrow e on e.order_id = o.id group by o.id
     ) each_order
     group by 1, 2`,
  );
  const wrong = groups.filter((group) => aggregateOrderStatus(group.escrow_statuses) !== group.status);
  return {
    name: 'the state of a paid order follows from its escrows',
    violations: wrong.reduce((sum, group) => sum + group.orders, 0),
    rows: wrong.slice(0, ROWS_SHOWN),
  };
}
