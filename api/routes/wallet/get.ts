/** GET /wallet: what the signed-in user has earned and not drawn, and what they owe, per currency. */

import { createRoute, z } from '@hono/zod-openapi';
import { walletBalances, walletDebts } from '../../../db/repositories/wallet.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';
import { MoneySchema } from '../../schemas/values.ts';

const WalletSchema = z
  .strictObject({
    balances: z.array(MoneySchema),
    /** What is owed after a claw-back: later sales pay it first, and until then nothing can be withdrawn. */
    receivables: z.array(z.strictObject({ amount: MoneySchema })),
  })
  .openapi('Wallet', {
    example: {
      balances: [{ amountMinor: 0, currency: 'USD' }],
      receivables: [{ amount: { amountMinor: 600, currency: 'USD' } }],
    },
  });

const route = createRoute({
  method: 'get',
  path: '/wallet',
  tags: ['Wallet'],
  summary: 'Show my wallet',
  security: bearer,
  middleware: requireUser,
  responses: { 200: json(WalletSchema, 'The balances'), ...problems(401) },
});

export const getWalletEndpoint = endpoint(route, async (c) => {
  const em = c.get('em');
  const { id } = currentUser(c);
  const [balances, debts] = [await walletBalances(em, id), await walletDebts(em, id)];
  return c.json({ balances, receivables: debts.map((amount) => ({ amount })) }, 200);
});
