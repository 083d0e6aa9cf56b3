/** A verifier leg as people find and read it; its workflow writes it. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import {
  AUTHENTICITY_PHASES,
  AUTHENTICITY_RESULTS,
  type AuthenticityCase as CaseContent,
  CONDITIONS,
  FINDINGS,
} from '../../domain/authenticity/case.ts';
import { changedAt, currency, id, instant, minor } from './columns.ts';
import { Escrow } from './escrow.entity.ts';
import { Order } from './order.entity.ts';
import { UserAccount } from './user-account.entity.ts';
import { VendorOrder } from './vendor-order.entity.ts';

const AuthenticityCaseSchema = defineEntity({
  name: 'AuthenticityCase',
  tableName: 'authenticity_case',
  properties: {
    id: id('authenticity').primary(),
    escrowId: () => p.manyToOne(Escrow).mapToPk().joinColumn('escrow_id'),
    orderId: () => p.manyToOne(Order).mapToPk().joinColumn('order_id'),
    vendorOrderId: () => p.manyToOne(VendorOrder).mapToPk().joinColumn('vendor_order_id'),
    buyerId: () => p.manyToOne(UserAccount).mapToPk().joinColumn('buyer_id'),
    sellerId: () => p.manyToOne(UserAccount).mapToPk().joinColumn('seller_id'),
    phase: p.enum(AUTHENTICITY_PHASES),
    verifierId: id('user').nullable(),
    finding: p.enum(FINDINGS).nullable(),
    condition: p.enum(CONDITIONS).nullable(),
    note: p.text().nullable(),
    result: p.enum(AUTHENTICITY_RESULTS).nullable(),
    currency: currency(),
    /** What the verifier found the goods to be worth, where the buyer may take them for that. */
    lowerPriceMinor: minor().nullable(),
    /** The case as the domain's rules know it; the columns beside it are what people look for. */
    content: p.json<CaseContent>(),
    deadlineAt: instant().nullable(),
    version: p.integer().default(1),
    openedAt: instant(),
    closedAt: instant().nullable(),
    updatedAt: changedAt(),
  },
});

/** A row of `authenticity_case`. */
export class AuthenticityCase extends AuthenticityCaseSchema.class {}
AuthenticityCaseSchema.setClass(AuthenticityCase);
