/** POST /auth/login: e-mail and password for tokens. Unknown accounts take as long as wrong passwords. */

import { createRoute, z } from '@hono/zod-openapi';
import { recordSignal } from '../../../db/fraud/signals.ts';
import { findUserByEmail } from '../../../db/repositories/users.ts';
import { verifyPassword } from '../../auth/passwords.ts';
import { openSession } from '../../auth/sessions.ts';
import { endpoint } from '../../endpoint.ts';
import { ApiError } from '../../errors.ts';
import { SessionSchema } from '../../resources/user.ts';
import { EmailSchema, PasswordSchema } from '../../schemas/credentials.ts';
import { json, jsonBody, problems } from '../../schemas/responses.ts';
import { signalsOf } from '../../signals.ts';

const LoginSchema = z
  .strictObject({ email: EmailSchema, password: PasswordSchema })
  .openapi('Login', { example: { email: 'ada@example.com', password: 'correct-horse-battery' } });

const route = createRoute({
  method: 'post',
  path: '/auth/login',
  tags: ['Accounts'],
  summary: 'Sign in',
  request: jsonBody(LoginSchema),
  responses: { 200: json(SessionSchema, 'Signed in'), ...problems(400, 401, 403, 415, 422) },
});

export const loginEndpoint = endpoint(route, async (c) => {
  const { email, password } = c.req.valid('json');
  const user = await findUserByEmail(c.get('em'), email);
  const matches = await verifyPassword(user?.passwordHash ?? null, password);
  if (!user || !matches) throw new ApiError('invalid_credentials');
  if (user.status !== 'active') throw new ApiError('account_not_active');
  await recordSignal(c.get('em'), user.id, 'login', signalsOf(c));
  return c.json(await openSession(c, user), 200);
});
