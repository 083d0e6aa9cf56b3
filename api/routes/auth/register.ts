/** POST /auth/register: a new account, signed in. */

import { createRoute, z } from '@hono/zod-openapi';
import { newId } from '../../../db/new-id.ts';
import { registerUser } from '../../../db/repositories/registrations.ts';
import { ACCOUNT_TYPES } from '../../../db/statuses.ts';
import { hashPassword } from '../../auth/passwords.ts';
import { openSession } from '../../auth/sessions.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { SessionSchema } from '../../resources/user.ts';
import { EmailSchema, NewPasswordSchema } from '../../schemas/credentials.ts';
import { json, jsonBody, problems } from '../../schemas/responses.ts';
import { line } from '../../schemas/values.ts';
import { signalsOf } from '../../signals.ts';

const RegisterSchema = z
  .strictObject({
    email: EmailSchema,
    password: NewPasswordSchema,
    displayName: line(100),
    accountType: z.enum(ACCOUNT_TYPES).default('individual'),
    /** Of a friend who brought them along, as `GET /referral` shows it. */
    referralCode: line(32).optional(),
  })
  .openapi('Register', {
    example: {
      email: 'ada@example.com',
      password: 'correct-horse-battery',
      displayName: 'Ada',
      accountType: 'individual',
    },
  });

const route = createRoute({
  method: 'post',
  path: '/auth/register',
  tags: ['Accounts'],
  summary: 'Create an account',
  request: jsonBody(RegisterSchema),
  responses: { 201: json(SessionSchema, 'The account, signed in'), ...problems(400, 409, 415, 422) },
});

export const registerEndpoint = endpoint(route, async (c) => {
  const { password, referralCode, ...account } = c.req.valid('json');
  const passwordHash = await hashPassword(password);
  const registered = await registerUser(c.get('em'), {
    account: { id: newId('user'), ...account, passwordHash },
    signals: signalsOf(c),
    referralCode,
  });
  if ('refused' in registered) throw new ApiError(registered.refused);
  return c.json(await openSession(c, registered.user), 201);
});
