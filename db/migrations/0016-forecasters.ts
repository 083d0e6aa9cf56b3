/** What settled forecasts say of the people who placed them: reputation, record, calibration, badges, leaderboards. */

import { Migration } from '@mikro-orm/migrations';

export class Forecasters extends Migration {
  override up(): void {
    this.addSql(`
-- What the feed tells of exists and is never deleted: looking it up again for each line took as long as all the rest.
alter table activity drop constraint activity_user_id_fkey, drop constraint activity_market_id_fkey;

-- All of these are written from forecasts, whose users and markets exist and are never deleted: references of their own
-- would be checked a hundred thousand times for one large market, and say nothing new.

-- One row for everybody with a forecast won or lost. Written again with each of them: columns that no index names, and
-- room in the page for the next version.
-- last_delta: what the last forecast brought, before reputation stops at 0; last_probability: what it was made at.
-- badges: those of badge_award, in the order they were earned, so that giving more looks nothing up.
create table forecaster (
  user_id text primary key,
  reputation int not null default 0 constraint forecaster_reputation_not_negative check (reputation >= 0),
  last_delta int not null default 0,
  last_probability double precision not null default 0,
  settled int not null default 0,
  won int not null default 0,
  lost int not null default 0,
  staked_points minor_units not null default 0,
  won_points minor_units not null default 0,
  current_streak int not null default 0,
  best_streak int not null default 0,
  brier_sum double precision not null default 0,
  badges text[] not null default '{}',
  updated_at timestamptz not null default now(),
  constraint forecaster_settled_adds_up check (settled = won + lost and won >= 0 and lost >= 0),
  constraint forecaster_streak_within check (current_streak between 0 and best_streak and best_streak <= won)
) with (fillfactor = 50);

-- decile: 0 for probabilities under 10 %, 9 for those from 90 %.
create table forecaster_calibration (
  user_id text not null,
  decile int not null constraint forecaster_calibration_decile_within check (decile between 0 and 9),
  forecasts int not null default 0,
  won int not null default 0 constraint forecaster_calibration_won_within check (won between 0 and forecasts),
  primary key (user_id, decile)
) with (fillfactor = 50);

-- market_id: whose settlement earned it. reason: the rule's words at that time.
create table badge_award (
  user_id text not null,
  badge text not null,
  market_id text not null,
  reason text not null,
  earned_at timestamptz not null default now(),
  primary key (user_id, badge)
);

-- Rebuilt as a whole at each refresh.
create table leaderboard_entry (
  period text not null constraint leaderboard_entry_period_known check (period in ('day', 'week', 'month', 'all')),
  category text not null constraint leaderboard_entry_category_known
    check (category in ('all', 'election', 'crypto', 'entertainment', 'sports', 'politics', 'other')),
  rank int not null constraint leaderboard_entry_rank_positive check (rank > 0),
  user_id text not null,
  score int not null,
  won int not null,
  settled int not null,
  won_points minor_units not null,
  refreshed_at timestamptz not null,
  primary key (period, category, rank)
);
`);
  }
}
