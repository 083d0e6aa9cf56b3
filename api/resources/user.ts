/** A user as the API shows them to themselves. */

import { z } from '@hono/zod-openapi';
import type { UserAccount } from '../../db/entities/user-account.entity.ts';
import { ACCOUNT_TYPES } from '../../db/statuses.ts';
import { exampleId, InstantSchema, idSchema } from '../schemas/values.ts';

export const UserSchema = z
  .strictObject({
    id: idSchema('user'),
    email: z.string(),
    displayName: z.string(),
    accountType: z.enum(ACCOUNT_TYPES),
    roles: z.array(z.string()),
    level: z.int(),
    createdAt: InstantSchema,
  })
  .openapi('User', {
    example: {
      id: exampleId('user'),
      email: 'ada@example.com',
      displayName: 'Ada',
      accountType: 'individual',
      roles: ['user'],
      level: 1,
      createdAt: '2026-03-01T12:00:00.000Z',
    },
  });

export const SessionSchema = z
  .strictObject({ user: UserSchema, accessToken: z.string(), refreshToken: z.string() })
  .openapi('Session');

/** The account without anything secret. */
export function toUser(row: UserAccount): z.infer<typeof UserSchema> {
  return {
    id: row.id,
    email: row.email,
    displayName: row.displayName,
    accountType: row.accountType,
    roles: [...row.roles],
    level: row.level,
    createdAt: row.createdAt.toISOString(),
  };
}
