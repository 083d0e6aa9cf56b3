/** A forecaster as everybody sees them. */

import { z } from '@hono/zod-openapi';
import type { Profile } from '../../db/forecasters/profiles.ts';
import { BADGE_RULES } from '../../domain/forecasters/badges.ts';
import type { ForecasterRecord } from '../../domain/forecasters/reputation.ts';
import { exampleId, InstantSchema, idSchema } from '../schemas/values.ts';

const CalibrationBinSchema = z.strictObject({
  /** Forecasts made at probabilities from here, up to but without `below`. */
  from: z.number(),
  below: z.number(),
  forecasts: z.int(),
  won: z.int(),
});

const BadgeSchema = z.strictObject({
  badge: z.string(),
  title: z.string(),
  reason: z.string(),
  marketId: idSchema('market'),
  earnedAt: InstantSchema,
});

export const ProfileSchema = z
  .strictObject({
    id: idSchema('user'),
    displayName: z.string(),
    memberSince: InstantSchema,
    reputation: z.int(),
    record: z.strictObject({
      settled: z.int(),
      won: z.int(),
      lost: z.int(),
      stakedPoints: z.int(),
      wonPoints: z.int(),
      /** Mean of (outcome - probability)², 0 is best; null before the first settled forecast. */
      meanBrier: z.number().nullable(),
    }),
    streaks: z.strictObject({ current: z.int(), best: z.int() }),
    calibration: z.array(CalibrationBinSchema),
    badges: z.array(BadgeSchema),
    followers: z.int(),
    following: z.int(),
  })
  .openapi('Profile', {
    example: {
      id: exampleId('user'),
      displayName: 'Ada',
      memberSince: '2026-03-01T12:00:00.000Z',
      reputation: 40,
      record: { settled: 1, won: 1, lost: 0, stakedPoints: 100, wonPoints: 166, meanBrier: 0.16 },
      streaks: { current: 1, best: 1 },
      calibration: [{ from: 0.6, below: 0.7, forecasts: 1, won: 1 }],
      badges: [],
      followers: 0,
      following: 0,
    },
  });

export function toProfile({ user, record, badges, followers, following }: Profile): z.infer<typeof ProfileSchema> {
  const { reputation, settled, won, lost, stakedPoints, wonPoints, brierSum } = record;
  return {
    id: user.id,
    displayName: user.displayName,
    memberSince: user.createdAt.toISOString(),
    reputation,
    record: { settled, won, lost, stakedPoints, wonPoints, meanBrier: settled === 0 ? null : brierSum / settled },
    streaks: { current: record.currentStreak, best: record.bestStreak },
    calibration: toCalibration(record),
    badges: badges.map(({ badge, reason, marketId, earnedAt }) => {
      const title = BADGE_RULES.find((rule) => rule.badge === badge)?.title ?? badge;
      return { badge, title, reason, marketId, earnedAt: earnedAt.toISOString() };
    }),
    followers,
    following,
  };
}

function toCalibration({ calibration }: ForecasterRecord): z.infer<typeof CalibrationBinSchema>[] {
  return calibration.map(({ forecasts, won }, decile) => {
    return { from: decile / calibration.length, below: (decile + 1) / calibration.length, forecasts, won };
  });
}
