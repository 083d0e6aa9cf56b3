/** What a person decided about a flag; Postgres lets the app change nothing of it. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { REVIEW_OUTCOMES } from '../../domain/fraud/review.ts';
import { id, instant } from './columns.ts';
import { FraudFlag } from './fraud-flag.entity.ts';
import { UserAccount } from './user-account.entity.ts';

const FraudDecisionSchema = defineEntity({
  name: 'FraudDecision',
  tableName: 'fraud_decision',
  properties: {
    seq: p.bigint('number').primary().autoincrement(),
    flagId: () => p.manyToOne(FraudFlag).mapToPk().joinColumn('flag_id'),
    userId: () => p.manyToOne(UserAccount).mapToPk().joinColumn('user_id'),
    outcome: p.enum(REVIEW_OUTCOMES),
    decidedBy: id('user'),
    note: p.text(),
    at: instant().defaultRaw('now()'),
  },
});

/** A row of `fraud_decision`. */
export class FraudDecision extends FraudDecisionSchema.class {}
FraudDecisionSchema.setClass(FraudDecision);
