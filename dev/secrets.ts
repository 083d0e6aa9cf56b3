/** Secrets of the dev stack, made once and kept in HOLDFAST_HOME: the JWT signing key and the webhook secret. */

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { codeOf, StackError } from './stack-error.ts';

const secretsSchema = z.object({
  /** Ed25519 private JWKs with `kid`; the first signs. */
  jwtPrivateKeys: z.array(z.looseObject({ kty: z.literal('OKP'), kid: z.string(), d: z.string() })).min(1),
  webhookSecret: z.string().startsWith('whsec_'),
});

export type DevSecrets = z.infer<typeof secretsSchema>;

/** Reads the secrets, making them the first time (mode 0600). Fails with StackError when the file is damaged. */
export function loadSecrets(home: string): DevSecrets {
  const file = join(home, 'secrets.json');
  try {
    return secretsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') {
      throw new StackError(`${file} cannot be used: delete it and start again (everybody then logs in again).`);
    }
  }
  const made = makeSecrets();
  writeFileSync(file, JSON.stringify(made), { mode: 0o600, flag: 'wx' });
  return made;
}

function makeSecrets(): DevSecrets {
  const { privateKey } = generateKeyPairSync('ed25519');
  const kid = randomBytes(8).toString('hex');
  const jwk = { ...privateKey.export({ format: 'jwk' }), kid, alg: 'EdDSA', use: 'sig' };
  return secretsSchema.parse({
    jwtPrivateKeys: [jwk],
    webhookSecret: `whsec_${randomBytes(24).toString('base64url')}`,
  });
}
