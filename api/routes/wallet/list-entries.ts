/** GET /wallet/entries: every movement on the user's wallet, newest first, from the ledger. */

import { createRoute, z } from '@hono/zod-openapi';
import { listWalletEntries, type WalletEntry } from '../../../db/repositories/wallet.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { cursorQuery } from '../../schemas/pages.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';
import { exampleId, InstantSchema, idSchema, MoneySchema } from '../../schemas/values.ts';

const WalletEntrySchema = z
  .strictObject({
    id: z.string(),
    kind: z.string(),
    amount: MoneySchema,
    orderId: idSchema('order').nullable(),
    escrowId: idSchema('escrow').nullable(),
    postedAt: InstantSchema,
  })
  .openapi('WalletEntry', {
    example: {
      id: '1042',
      kind: 'hold_released',
      amount: { amountMinor: 5400, currency: 'USD' },
      orderId: exampleId('order'),
      escrowId: exampleId('escrow'),
      postedAt: '2026-03-08T12:00:00.000Z',
    },
  });

const route = createRoute({
  method: 'get',
  path: '/wallet/entries',
  tags: ['Wallet'],
  summary: 'List the movements on my wallet',
  security: bearer,
  middleware: requireUser,
  request: { query: z.strictObject(cursorQuery) },
  responses: {
    200: json(
      z.strictObject({ data: z.array(WalletEntrySchema), nextCursor: z.string().nullable() }).openapi('WalletEntries'),
      'Movements, newest first',
    ),
    ...problems(401, 422),
  },
});

export const listWalletEntriesEndpoint = endpoint(route, async (c) => {
  const { cursor = null, limit } = c.req.valid('query');
  const page = { beforeId: cursor, limit: limit + 1 };
  const entries = await listWalletEntries(c.get('em'), currentUser(c).id, page);
  const data = entries.slice(0, limit).map(toEntry);
  return c.json({ data, nextCursor: entries.length > limit ? (data.at(-1)?.id ?? null) : null }, 200);
});

function toEntry({ id, amountMinor, currency, postedAt, ...rest }: WalletEntry): z.infer<typeof WalletEntrySchema> {
  return { ...rest, id: String(id), amount: { amountMinor, currency }, postedAt: postedAt.toISOString() };
}
