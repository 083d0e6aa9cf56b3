/** GET /referral: my code to give to friends, who came with it, and what that has brought. */

import { createRoute, z } from '@hono/zod-openapi';
import { findMyReferral } from '../../../db/referrals/codes.ts';
import { currentReward } from '../../../db/referrals/reward.ts';
import { FORECASTS_OF_REAL_FRIEND } from '../../../domain/referral.ts';
import { currentUser } from '../../context.ts';
import { endpoint } from '../../endpoint.ts';
import { requireUser } from '../../middleware/auth.ts';
import { bearer, json, problems } from '../../schemas/responses.ts';
import { InstantSchema } from '../../schemas/values.ts';

const FriendSchema = z.strictObject({
  displayName: z.string(),
  joinedAt: InstantSchema,
  status: z.enum(['waiting', 'rewarded']),
  rewardedAt: InstantSchema.nullable(),
  chips: z.int().nullable(),
});

const ReferralSchema = z
  .strictObject({
    code: z.string(),
    /** What a friend brings at present; 0: there is no programme. */
    reward: z.strictObject({ chips: z.int(), afterPurchases: z.int(), afterForecasts: z.int() }),
    /** The newest hundred. */
    friends: z.array(FriendSchema),
    totals: z.strictObject({ friends: z.int(), rewarded: z.int(), chips: z.int() }),
  })
  .openapi('Referral', {
    example: {
      code: 'K7WQ2MZD',
      reward: { chips: 50, afterPurchases: 1, afterForecasts: FORECASTS_OF_REAL_FRIEND },
      friends: [
        { displayName: 'Ben', joinedAt: '2026-03-01T12:00:00.000Z', status: 'waiting', rewardedAt: null, chips: null },
      ],
      totals: { friends: 1, rewarded: 0, chips: 0 },
    },
  });

const route = createRoute({
  method: 'get',
  path: '/referral',
  tags: ['People'],
  summary: 'Show my referral code and what it has brought',
  security: bearer,
  middleware: requireUser,
  responses: { 200: json(ReferralSchema, 'My code, my friends, my rewards'), ...problems(401) },
});

export const getReferralEndpoint = endpoint(route, async (c) => {
  const em = c.get('em');
  const { code, friends, totals } = await findMyReferral(em, currentUser(c).id);
  return c.json(
    {
      code,
      reward: { chips: await currentReward(em), afterPurchases: 1, afterForecasts: FORECASTS_OF_REAL_FRIEND },
      friends: friends.map(({ displayName, joinedAt, rewardedAt, chips }) => ({
        displayName,
        joinedAt: joinedAt.toISOString(),
        status: rewardedAt ? ('rewarded' as const) : ('waiting' as const),
        rewardedAt: rewardedAt?.toISOString() ?? null,
        chips,
      })),
      totals,
    },
    200,
  );
});
