/** Forecasters as everybody sees them: their record, what they earned, what became of their forecasts. */

import type { EntityManager } from '@mikro-orm/postgresql';
import { DECILES, type ForecasterRecord, NEW_FORECASTER } from '../../domain/forecasters/reputation.ts';
import type { UserId } from '../../domain/ids.ts';
import { BadgeAward } from '../entities/badge-award.entity.ts';
import { Forecast } from '../entities/forecast.entity.ts';
import { Forecaster } from '../entities/forecaster.entity.ts';
import { ForecasterCalibration } from '../entities/forecaster-calibration.entity.ts';
import { UserAccount } from '../entities/user-account.entity.ts';

export type Profile = {
  user: UserAccount;
  record: ForecasterRecord;
  /** In the order they were earned. */
  badges: BadgeAward[];
  followers: number;
  following: number;
};

/** Null for an account that does not exist, or is not active. */
export async function loadProfile(em: EntityManager, id: UserId): Promise<Profile | null> {
  const user = await em.findOne(UserAccount, { id, status: 'active' });
  if (!user) return null;
  const forecaster = await em.findOne(Forecaster, { userId: id });
  const bins = await em.find(ForecasterCalibration, { userId: id });
  const badges = await em.find(BadgeAward, { userId: id }, { orderBy: { earnedAt: 'asc' } });
  const order = forecaster?.badges ?? [];
  return {
    user,
    record: forecaster ? toRecord(forecaster, bins) : NEW_FORECASTER,
    // Several may be earned at the same instant.
    badges: badges.toSorted((a, b) => order.indexOf(a.badge) - order.indexOf(b.badge)),
    ...(await followsOf(em, id)),
  };
}

function toRecord(row: Forecaster, bins: readonly ForecasterCalibration[]): ForecasterRecord {
  const { reputation, settled, won, lost, stakedPoints, wonPoints, currentStreak, bestStreak } = row;
  const calibration = Array.from({ length: DECILES }, (_, decile) => {
    const bin = bins.find((each) => each.decile === decile);
    return { forecasts: bin?.forecasts ?? 0, won: bin?.won ?? 0 };
  });
  const brierSum = Number(row.brierSum);
  return { reputation, settled, won, lost, stakedPoints, wonPoints, currentStreak, bestStreak, brierSum, calibration };
}

/** Only people whose accounts are active count, as in the lists of them. */
async function followsOf(em: EntityManager, id: UserId): Promise<{ followers: number; following: number }> {
  const [row] = await em.execute<{ followers: number; following: number }[]>(
    `select
       (select count(*)::int from follow f join user_account u on u.id = f.follower_id and u.status = 'active'
        where f.followed_id = ?) as followers,
       (select count(*)::int from follow f join user_account u on u.id = f.followed_id and u.status = 'active'
        where f.follower_id = ?) as following`,
    [id, id],
  );
  return row ?? { followers: 0, following: 0 };
}

/** One page of somebody's forecasts, newest first; `includingOpen`: also those whose outcome is not known yet. */
export async function listHistory(
  em: EntityManager,
  userId: UserId,
  { includingOpen, page, limit }: { includingOpen: boolean; page: number; limit: number },
): Promise<{ rows: Forecast[]; total: number }> {
  const [rows, total] = await em.findAndCount(
    Forecast,
    { userId, ...(!includingOpen && { status: { $ne: 'placed' } }) },
    { orderBy: { seq: 'desc' }, limit, offset: (page - 1) * limit },
  );
  return { rows, total };
}
