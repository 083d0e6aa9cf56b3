/** Something that looks like cheating, for a person to look at. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { FLAG_STATUSES } from '../../domain/fraud/review.ts';
import { FRAUD_RULE_CODES, FRAUD_SEVERITIES } from '../../domain/fraud/rules.ts';
import { id, instant } from './columns.ts';
import { UserAccount } from './user-account.entity.ts';

const FraudFlagSchema = defineEntity({
  name: 'FraudFlag',
  tableName: 'fraud_flag',
  properties: {
    id: id('flag').primary(),
    rule: p.enum(FRAUD_RULE_CODES),
    severity: p.enum(FRAUD_SEVERITIES),
    userId: () => p.manyToOne(UserAccount).mapToPk().joinColumn('user_id'),
    /** What it is about within the rule: raised once for a user. */
    subject: p.text(),
    evidence: p.json<Record<string, unknown>>(),
    status: p.enum(FLAG_STATUSES).default('open'),
    decidedBy: id('user').nullable(),
    decidedAt: instant().nullable(),
    note: p.text().nullable(),
    raisedAt: instant().defaultRaw('now()'),
    updatedAt: instant().defaultRaw('now()'),
  },
});

/** A row of `fraud_flag`. */
export class FraudFlag extends FraudFlagSchema.class {}
FraudFlagSchema.setClass(FraudFlag);
