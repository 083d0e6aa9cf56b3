/** Who reads comments: a visitor, somebody signed in, or a moderator. */

import type { Context } from 'hono';
import type { Reader } from '../../../db/social/comments.ts';
import { type AppEnv, isModerator } from '../../context.ts';

/** Behind `knowUser` or `requireUser`. */
export function readerOf(c: Context<AppEnv>): Reader {
  const user = c.get('user');
  return user ? { id: user.id, isModerator: isModerator(user) } : { id: null, isModerator: false };
}
