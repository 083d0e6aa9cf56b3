/** GET /.well-known/jwks.json: the public keys that access tokens are verified with. */

import { createRoute, z } from '@hono/zod-openapi';
import { endpoint } from '../../endpoint.ts';
import { publicCache } from '../../middleware/public-cache.ts';
import { json } from '../../schemas/responses.ts';

const JwksSchema = z.object({ keys: z.array(z.record(z.string(), z.unknown())) }).openapi('JsonWebKeySet');

const route = createRoute({
  method: 'get',
  path: '/.well-known/jwks.json',
  tags: ['Accounts'],
  summary: 'Show the public signing keys',
  middleware: publicCache,
  responses: { 200: json(JwksSchema, 'The keys') },
});

export const jwksEndpoint = endpoint(route, (c) =>
  c.json({ keys: c.get('deps').tokens.jwks.keys.map((key) => ({ ...key })) }, 200),
);
