/** Password hashes: Argon2id with the library's parameters (19 MiB, 2 passes), and no difference for unknown accounts. */

import { hash, verify } from '@node-rs/argon2';

/** The PHC string to store. */
export function hashPassword(password: string): Promise<string> {
  return hash(password);
}

let dummyHash: Promise<string> | null = null;

/** Does the password belong to the hash? Without a hash (no such account) the same work is done, and the answer is no. */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  dummyHash ??= hash('no account has this password');
  const matches = await verify(passwordHash ?? (await dummyHash), password);
  return passwordHash !== null && matches;
}
