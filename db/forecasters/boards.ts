/** Leaderboards as people read them: from the table of the last refresh. */

import type { EntityManager } from '@mikro-orm/postgresql';
import type { LeaderboardCategory, LeaderboardPeriod } from '../../domain/forecasters/leaderboards.ts';
import type { UserId } from '../../domain/ids.ts';

export type BoardPlace = {
  rank: number;
  user: { id: UserId; displayName: string };
  score: number;
  won: number;
  settled: number;
  wonPoints: number;
};

/** `refreshedAt`: null for a board on which nobody stands. */
export type BoardPage = { places: BoardPlace[]; total: number; refreshedAt: Date | null };

type BoardQuery = { period: LeaderboardPeriod; category: LeaderboardCategory; page: number; limit: number };

type Row = { total: number; refreshed_at: Date | string | null } & (
  | { rank: null }
  | {
      rank: number;
      user_id: UserId;
      display_name: string;
      score: number;
      won: number;
      settled: number;
      won_points: string;
    }
);

/** One page of a board, of one refresh: a single statement, so that none comes in between. */
export async function readBoard(em: EntityManager, { period, category, page, limit }: BoardQuery): Promise<BoardPage> {
  const rows = await em.execute<Row[]>(
    `select board.total, board.refreshed_at, place.*
     from (
       select count(*)::int as total, max(refreshed_at) as refreshed_at
       from leaderboard_entry where period = ? and category = ?
     ) board
     left join (
       select e.rank, e.user_id, u.display_name, e.score, e.won, e.settled, e.won_points
       from leaderboard_entry e join user_account u on u.id = e.user_id
       where e.period = ? and e.category = ? and e.rank > ? and e.rank <= ?
     ) place on true
     order by place.rank`,
    [period, category, period, category, (page - 1) * limit, page * limit],
  );
  const refreshedAt = rows[0]?.refreshed_at ?? null;
  return {
    places: rows.flatMap((row) => (row.rank === null ? [] : [toPlace(row)])),
    total: rows[0]?.total ?? 0,
    refreshedAt: refreshedAt === null ? null : new Date(refreshedAt),
  };
}

function toPlace(row: Extract<Row, { rank: number }>): BoardPlace {
  const { rank, user_id, display_name, score, won, settled, won_points } = row;
  return { rank, user: { id: user_id, displayName: display_name }, score, won, settled, wonPoints: Number(won_points) };
}
