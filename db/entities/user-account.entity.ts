/** A person's account: who they are, what they may do, and how trusted a seller they are. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { ACCOUNT_TYPES, USER_ROLES, USER_STATUSES, type UserRole } from '../statuses.ts';
import { id, insertedAt, instant } from './columns.ts';

const UserAccountSchema = defineEntity({
  name: 'UserAccount',
  tableName: 'user_account',
  properties: {
    id: id('user').primary(),
    /** Lower case. */
    email: p.text(),
    passwordHash: p.text().hidden(),
    displayName: p.text(),
    accountType: p.enum(ACCOUNT_TYPES),
    roles: p
      .enum(USER_ROLES)
      .array()
      .columnType('text[]')
      .default(['user'] satisfies UserRole[]),
    status: p.enum(USER_STATUSES).default('active'),
    /** Seller level, from 1. */
    level: p.integer().default(1),
    /** Since when a reviewer limits what the account may stake and buy. */
    limitedAt: instant().nullable(),
    createdAt: insertedAt(),
  },
});

/** A row of `user_account`. */
export class UserAccount extends UserAccountSchema.class {}
UserAccountSchema.setClass(UserAccount);
