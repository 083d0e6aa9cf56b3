/** From what a query counted to what a rule says about it. */

import type { EntityManager } from '@mikro-orm/postgresql';
import { FRAUD_RULES, type FraudRuleCode, judge } from '../../domain/fraud/rules.ts';
import type { UserId } from '../../domain/ids.ts';
import type { Finding } from './flags.ts';

/** What a candidate query answers for each account that might break a rule. */
type Candidate = {
  user_id: UserId;
  subject: string;
  measured: number;
  by: 'device' | 'address';
  /** Behind the device or address. */
  accounts: number;
  evidence: Record<string, unknown>;
};

/** Runs a query of candidates and keeps those that break the rule. */
export async function findingsOf(
  em: EntityManager,
  rule: FraudRuleCode,
  sql: string,
  params: unknown[],
): Promise<Finding[]> {
  const candidates = await em.execute<Candidate[]>(sql, params);
  return candidates.flatMap(({ user_id: userId, subject, measured, by, accounts, evidence }): Finding[] => {
    const severity = judge(FRAUD_RULES[rule], { measured, by, accounts });
    return severity === null ? [] : [{ rule, severity, userId, subject, evidence: { measured, ...evidence } }];
  });
}

/** Milliseconds of a rule as an interval of Postgres, to be written into a query. */
export function interval(milliseconds: number): string {
  return `interval '${Math.round(milliseconds)} milliseconds'`;
}

/** How much of a hash reviewers see: enough to tell one from another. */
export const SHOWN_HASH_CHARS = 12;
/** Accounts that evidence names. */
export const SHOWN_ACCOUNTS = 20;
