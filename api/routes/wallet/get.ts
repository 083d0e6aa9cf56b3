/** GET /wallet: what the signed-in user has earned and not drawn, per currency. */

import { createRoute, z } from '@hono/zod-openapi';
import { walletBalances } from '../../../db/repositories/wallet.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';
import { MoneySchema } from '../../schemas/values.ts';

const WalletSchema = z
  .strictObject({ balances: z.array(MoneySchema) })
  .openapi('Wallet', { example: { balances: [{ amountMinor: 5400, currency: 'USD' }] } });

const route = createRoute({
  method: 'get',
  path: '/wallet',
  tags: ['Wallet'],
  summary: 'Show my wallet',
  security: bearer,
  middleware: requireUser,
  responses: { 200: json(WalletSchema, 'The balances'), ...problems(401) },
});

export const getWalletEndpoint = endpoint(route, async (c) =>
  c.json({ balances: await walletBalances(c.get('em'), currentUser(c).id) }, 200),
);
