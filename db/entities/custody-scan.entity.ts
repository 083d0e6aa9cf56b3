/** One step of goods from hand to hand: who had them, when, where. Only ever added. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { CUSTODY_STEPS } from '../../domain/authenticity/case.ts';
import { AuthenticityCase } from './authenticity-case.entity.ts';
import { id, instant } from './columns.ts';

const CustodyScanSchema = defineEntity({
  name: 'CustodyScan',
  tableName: 'custody_scan',
  properties: {
    authenticityId: () => p.manyToOne(AuthenticityCase).mapToPk().joinColumn('authenticity_id').primary(),
    /** The version of the case that it made. */
    seq: p.integer().primary(),
    step: p.enum(CUSTODY_STEPS),
    actorRole: p.enum(['seller', 'verifier', 'admin'] as const),
    actorId: id('user'),
    location: p.text().nullable(),
    note: p.text().nullable(),
    carrier: p.text().nullable(),
    trackingNumber: p.text().nullable(),
    at: instant(),
  },
});

/** A row of `custody_scan`. */
export class CustodyScan extends CustodyScanSchema.class {}
CustodyScanSchema.setClass(CustodyScan);
