/** A refresh token, kept as its hash; tokens that descend from one sign-in form a family. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { instant } from './columns.ts';
import { UserAccount } from './user-account.entity.ts';

const RefreshTokenSchema = defineEntity({
  name: 'RefreshToken',
  tableName: 'refresh_token',
  properties: {
    id: p.uuid().primary(),
    userId: () => p.manyToOne(UserAccount).mapToPk().joinColumn('user_id'),
    familyId: p.uuid(),
    tokenHash: p.text(),
    expiresAt: instant(),
    usedAt: instant().nullable(),
    revokedAt: instant().nullable(),
  },
});

/** A row of `refresh_token`. */
export class RefreshToken extends RefreshTokenSchema.class {}
RefreshTokenSchema.setClass(RefreshToken);
