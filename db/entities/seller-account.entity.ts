/** Where a seller's earnings go at one provider, and whether it takes them now. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { PAYMENT_PROVIDERS } from '../../domain/policy/policy.ts';
import { changedAt } from './columns.ts';
import { UserAccount } from './user-account.entity.ts';

const SellerAccountSchema = defineEntity({
  name: 'SellerAccount',
  tableName: 'seller_account',
  primaryKeys: ['userId', 'provider'],
  properties: {
    userId: () => p.manyToOne(UserAccount).mapToPk().joinColumn('user_id').primary(),
    provider: p.enum(PAYMENT_PROVIDERS).primary(),
    /** The provider's own id (`acct_...`). */
    accountId: p.text(),
    transfersEnabled: p.boolean(),
    updatedAt: changedAt(),
  },
});

/** A row of `seller_account`. */
export class SellerAccount extends SellerAccountSchema.class {}
SellerAccountSchema.setClass(SellerAccount);
