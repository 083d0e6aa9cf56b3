/** A fraud flag as moderators see it: the rule and its reason, the evidence, the account, and what was decided. */

import { z } from '@hono/zod-openapi';
import type { FraudDecision } from '../../db/entities/fraud-decision.entity.ts';
import type { FlagFile, FlagRow } from '../../db/fraud/reviews.ts';
import { USER_STATUSES } from '../../db/statuses.ts';
import { FLAG_STATUSES, REVIEW_OUTCOMES } from '../../domain/fraud/review.ts';
import { FRAUD_RULE_CODES, FRAUD_RULES, FRAUD_SEVERITIES } from '../../domain/fraud/rules.ts';
import { exampleId, InstantSchema, idSchema } from '../schemas/values.ts';

const AccountSchema = z.strictObject({
  id: idSchema('user'),
  displayName: z.string(),
  status: z.enum(USER_STATUSES),
  limitedAt: InstantSchema.nullable(),
  createdAt: InstantSchema,
});

const flagFields = {
  id: idSchema('flag'),
  rule: z.enum(FRAUD_RULE_CODES),
  title: z.string(),
  /** Why it is a rule. */
  reason: z.string(),
  severity: z.enum(FRAUD_SEVERITIES),
  status: z.enum(FLAG_STATUSES),
  user: AccountSchema,
  subject: z.string(),
  evidence: z.record(z.string(), z.unknown()),
  decision: z.strictObject({ decidedBy: idSchema('user'), note: z.string(), decidedAt: InstantSchema }).nullable(),
  raisedAt: InstantSchema,
  updatedAt: InstantSchema,
};

const flagExample = {
  id: exampleId('flag'),
  rule: 'both_sides_of_market',
  title: FRAUD_RULES.both_sides_of_market.title,
  reason: FRAUD_RULES.both_sides_of_market.reason,
  severity: 'high',
  status: 'open',
  user: {
    id: exampleId('user'),
    displayName: 'Ada',
    status: 'active',
    limitedAt: null,
    createdAt: '2026-03-01T12:00:00.000Z',
  },
  subject: `${exampleId('market')}:device:5f1c9a0b7d3e`,
  evidence: { measured: 2, marketId: exampleId('market'), by: 'device', device: '5f1c9a0b7d3e', accounts: 2 },
  decision: null,
  raisedAt: '2026-03-02T12:00:00.000Z',
  updatedAt: '2026-03-02T12:00:00.000Z',
} as const;

export const FraudFlagSchema = z.strictObject(flagFields).openapi('FraudFlag', { example: flagExample });

const DecisionSchema = z.strictObject({
  outcome: z.enum(REVIEW_OUTCOMES),
  decidedBy: idSchema('user'),
  note: z.string(),
  at: InstantSchema,
});

const OtherFlagSchema = z.strictObject({
  id: idSchema('flag'),
  rule: z.enum(FRAUD_RULE_CODES),
  severity: z.enum(FRAUD_SEVERITIES),
  status: z.enum(FLAG_STATUSES),
  raisedAt: InstantSchema,
});

export const FraudFlagFileSchema = z
  .strictObject({ ...flagFields, decisions: z.array(DecisionSchema), otherFlags: z.array(OtherFlagSchema) })
  .openapi('FraudFlagFile', { example: { ...flagExample, decisions: [], otherFlags: [] } });

export function toFraudFlag({ flag, user }: FlagRow): z.infer<typeof FraudFlagSchema> {
  const { decidedBy, decidedAt, note } = flag;
  const { title, reason } = FRAUD_RULES[flag.rule];
  return {
    id: flag.id,
    rule: flag.rule,
    title,
    reason,
    severity: flag.severity,
    status: flag.status,
    user: {
      id: user.id,
      displayName: user.displayName,
      status: user.status,
      limitedAt: user.limitedAt?.toISOString() ?? null,
      createdAt: user.createdAt.toISOString(),
    },
    subject: flag.subject,
    evidence: flag.evidence,
    decision: decidedBy && decidedAt && note ? { decidedBy, note, decidedAt: decidedAt.toISOString() } : null,
    raisedAt: flag.raisedAt.toISOString(),
    updatedAt: flag.updatedAt.toISOString(),
  };
}

export function toFraudFlagFile(file: FlagFile): z.infer<typeof FraudFlagFileSchema> {
  return {
    ...toFraudFlag(file),
    decisions: file.decisions.map(toDecision),
    otherFlags: file.others.map(({ id, rule, severity, status, raisedAt }) => ({
      id,
      rule,
      severity,
      status,
      raisedAt: raisedAt.toISOString(),
    })),
  };
}

function toDecision({ outcome, decidedBy, note, at }: FraudDecision): z.infer<typeof DecisionSchema> {
  return { outcome, decidedBy, note, at: at.toISOString() };
}
