/** Raising flags: each once for a user and what it is about, whoever finds it and however often. */

import type { EntityManager } from '@mikro-orm/postgresql';
import { FRAUD_RULES, type FraudRuleCode, type FraudSeverity, judge } from '../../domain/fraud/rules.ts';
import type { Id, PurchaseId, UserId } from '../../domain/ids.ts';
import { newId } from '../new-id.ts';

/** A rule that an account breaks, as it was found. */
export type Finding = {
  rule: FraudRuleCode;
  severity: FraudSeverity;
  userId: UserId;
  /** What it is about within the rule. */
  subject: string;
  /** Counts, ids, instants and shortened hashes: what a reviewer needs to see. */
  evidence: Record<string, unknown>;
};

/**
 * Stores findings as flags and answers the ids of those that are new. One that is open already takes over the newer
 * evidence; one that was decided stays as it is. Nothing else happens to the account.
 */
export async function raiseFlags(em: EntityManager, findings: readonly Finding[]): Promise<Id<'flag'>[]> {
  const each = new Map(findings.map((finding) => [`${finding.rule} ${finding.userId} ${finding.subject}`, finding]));
  if (each.size === 0) return [];
  const rows = [...each.values()].map((finding) => ({ id: newId('flag'), ...finding }));
  // In one order whoever raises them: two sweeps at once wait for each other and never in a circle.
  const raised = await em.execute<{ id: Id<'flag'>; fresh: boolean }[]>(
    `insert into fraud_flag as f (id, rule, severity, user_id, subject, evidence)
     select r.id, r.rule, r.severity, r."userId", r.subject, r.evidence
     from jsonb_to_recordset(?::jsonb) as r (
       id text, rule text, severity text, "userId" text, subject text, evidence jsonb)
     order by r.rule, r."userId", r.subject
     on conflict (rule, user_id, subject) do update
       set severity = excluded.severity, evidence = excluded.evidence, updated_at = now()
       where f.status = 'open' and (f.severity, f.evidence) is distinct from (excluded.severity, excluded.evidence)
     returning f.id, f.xmax = 0 as fresh`,
    [JSON.stringify(rows)],
  );
  return raised.filter(({ fresh }) => fresh).map(({ id }) => id);
}

/**
 * The price of a purchase went back and `missing` of its chips were no longer there; `event` names the refund or
 * chargeback. Part of the caller's transaction; a repeat changes nothing.
 */
export async function flagUnrecoveredChips(
  em: EntityManager,
  { userId, purchaseId, missing, event }: { userId: UserId; purchaseId: PurchaseId; missing: number; event: string },
): Promise<void> {
  const rule = FRAUD_RULES.unrecovered_chips;
  const severity = judge(rule, { measured: missing, by: 'device', accounts: 1 });
  if (severity === null) return;
  const evidence = { purchaseId, event, chipsMissing: missing };
  await raiseFlags(em, [{ rule: rule.code, severity, userId, subject: `${purchaseId}:${event}`, evidence }]);
}
