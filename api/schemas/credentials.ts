/** What accounts are made of in requests: e-mail addresses and passwords. */

import { z } from '@hono/zod-openapi';

/** Stored and compared in lower case. */
export const EmailSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email())
  .openapi({ type: 'string', format: 'email' });

/** Length is what counts (NIST SP 800-63B); the upper bound keeps hashing cheap. */
export const NewPasswordSchema = z.string().min(10).max(128);

/** A password to check: any that could ever have been set. */
export const PasswordSchema = z.string().min(1).max(128);

/** A refresh token, not looked into. */
export const RefreshTokenSchema = z.string().min(1).max(512);
