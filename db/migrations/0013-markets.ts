/** Prediction markets: questions with outcomes, the forecasts on them, and resolutions that nobody can change. */

import { Migration } from '@mikro-orm/migrations';

/** What `domain/policy/presets/pilimarket.ts` had more than before when this was written: channels made before take it over. */
const MARKET_RULES = JSON.stringify({
  decideWithinMs: 259_200_000,
  cancelAfterAlertMs: 604_800_000,
  maxPointsPerUser: 10_000,
  maxPointsOfLimited: 100,
  maxOutcomes: 20,
  chips: { minPurchase: 20, dailyLimit: 10_000, monthlyLimit: 50_000, purchasesPerHour: 5, referralReward: 50 },
});

export class Markets extends Migration {
  override up(): void {
    this.addSql(`
update channel set policy = jsonb_set(policy, '{market}', policy->'market' || '${MARKET_RULES}'::jsonb),
  policy_version = policy_version + 1
where jsonb_typeof(policy->'market') = 'object' and policy->'market'->'chips' is null;

-- A reviewer has limited what this account may stake and buy.
alter table user_account add column limited_at timestamptz;

alter table domain_event drop constraint domain_event_actor_role_known;
alter table domain_event add constraint domain_event_actor_role_known check (actor_role in (
  'buyer', 'seller', 'admin', 'verifier', 'moderator', 'forecaster', 'system', 'carrier', 'provider'));
create index domain_event_subject on domain_event (subject_id, seq) where order_id is null;

-- Chips stay apart from money, the platform's own share of a pool too.
create or replace function ledger_classify_account() returns trigger language plpgsql as $$
begin
  new.kind := case
    when new.name ~ '^(hold:esc|wallet:usr|payout:po|late:pay|receivable:usr)_[A-Za-z0-9_-]+$'
      then split_part(new.name, ':', 1)
    when new.name ~ '^world:[a-z]+(_authorised)?$' then 'world'
    when new.name in ('revenue:commission', 'revenue:buyer_fees', 'revenue:shipping', 'revenue:chips', 'revenue:rake')
      then 'revenue'
    when new.name in ('tax:collected', 'expense:psp_fees', 'loss:chargebacks') then split_part(new.name, ':', 1)
    when new.name in ('chips:issued', 'chips:rake') then replace(new.name, ':', '_')
    when new.name ~ '^chips:(wallet:usr|market:mkt)_[A-Za-z0-9_-]+$' then 'chips_' || split_part(new.name, ':', 2)
  end;
  new.tracked := coalesce(
    new.kind in ('hold', 'wallet', 'payout', 'late', 'receivable', 'chips_wallet', 'chips_market'), false);
  new.min_minor := case when new.tracked and new.kind <> 'receivable' then 0 end;
  return new;
end $$;

-- pool: all stakes. settled_through: the last forecast (by seq) whose outcome is paid; batches: how many times.
-- payout: how each winner's share follows from their points, fixed when the outcome is; null until then.
create table market (
  id text primary key,
  slug text not null constraint market_slug_taken unique
    constraint market_slug_plain check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 120),
  channel_id text not null references channel (id),
  title text not null,
  description text not null default '',
  category text not null constraint market_category_known
    check (category in ('election', 'crypto', 'entertainment', 'sports', 'politics', 'other')),
  metadata jsonb not null default '{}',
  status text not null default 'open' constraint market_status_known check (status in (
    'open', 'suspended', 'closed', 'proposed', 'challenged', 'resolved', 'settled', 'cancelled')),
  created_by text not null references user_account (id),
  closes_at timestamptz not null,
  max_points_per_user minor_units not null constraint market_max_points_positive check (max_points_per_user > 0),
  policy jsonb not null,
  policy_version int not null,
  request_hash text not null,
  pool_points minor_units not null default 0 constraint market_pool_not_negative check (pool_points >= 0),
  forecasts int not null default 0 constraint market_forecasts_not_negative check (forecasts >= 0),
  proposal jsonb,
  challenge jsonb,
  cancel_reason text,
  next_action_kind text not null default 'close' constraint market_next_action_kind_known check (next_action_kind in (
    'close', 'alert_resolver', 'resolve_as_proposed', 'alert_decider', 'cancel', 'pay_out', 'none')),
  next_action_at timestamptz,
  payout jsonb,
  settled_through bigint not null default 0,
  batches int not null default 0,
  version int not null default 1,
  created_at timestamptz not null default now(),
  closed_at timestamptz,
  decided_at timestamptz,
  settled_at timestamptz,
  updated_at timestamptz not null default now(),
  constraint market_cancelled_with_reason check ((status = 'cancelled') = (cancel_reason is not null)),
  constraint market_proposed_with_proposal check (status not in ('proposed', 'challenged') or proposal is not null),
  constraint market_challenged_with_challenge check (status <> 'challenged' or challenge is not null),
  constraint market_settled_once_decided check (settled_at is null or status in ('settled', 'cancelled'))
);
create index market_newest on market (created_at desc, id desc);
create index market_closing on market (closes_at, id);
create index market_volume on market (pool_points desc, id desc);
create index market_queue on market (next_action_at, id) where status in ('closed', 'proposed', 'challenged');

create table market_outcome (
  id text primary key,
  market_id text not null references market (id),
  position int not null,
  name text not null,
  total_points minor_units not null default 0
    constraint market_outcome_points_not_negative check (total_points >= 0),
  forecasts int not null default 0,
  unique (market_id, position),
  constraint market_outcome_name_taken unique (market_id, name),
  unique (market_id, id)
) with (fillfactor = 70);

-- seq: the order in which they were placed. probability: what the outcome was worth before, for the reputation.
create table forecast (
  id text primary key,
  seq bigint generated always as identity unique,
  market_id text not null references market (id),
  outcome_id text not null,
  user_id text not null references user_account (id),
  points minor_units not null constraint forecast_points_positive check (points > 0),
  probability double precision not null
    constraint forecast_probability_within check (probability > 0 and probability < 1),
  status text not null default 'placed' constraint forecast_status_known
    check (status in ('placed', 'won', 'lost', 'returned')),
  payout_points minor_units,
  reputation_delta int,
  -- Keyed hashes, never the device or the address itself.
  device_hash text,
  ip_hash text,
  placed_at timestamptz not null,
  settled_at timestamptz,
  constraint forecast_once_per_market unique (user_id, market_id),
  constraint forecast_outcome_of_market foreign key (market_id, outcome_id) references market_outcome (market_id, id),
  constraint forecast_settled_with_payout check ((status = 'placed') = (payout_points is null)
    and (status = 'placed') = (settled_at is null))
) with (fillfactor = 85);
create index forecast_market on forecast (market_id, seq);
create index forecast_user on forecast (user_id, seq desc);
create index forecast_device on forecast (market_id, device_hash) where device_hash is not null;
create index forecast_ip on forecast (market_id, ip_hash) where ip_hash is not null;
create index forecast_settled on forecast (settled_at) where settled_at is not null;

-- What each outcome had by the end of a minute: the chart of its probability.
create table market_history (
  market_id text not null references market (id),
  minute timestamptz not null,
  outcome_id text not null references market_outcome (id),
  total_points minor_units not null,
  primary key (market_id, minute, outcome_id)
);

-- The final word on a market: written once, and Postgres refuses every change, whoever asks.
create table market_resolution (
  market_id text primary key references market (id),
  outcome_id text not null,
  proposed_by text not null references user_account (id),
  -- The moderator who decided the challenge; null where nobody challenged.
  decided_by text references user_account (id),
  evidence_urls text[] not null constraint market_resolution_evidence check (cardinality(evidence_urls) >= 1),
  note text not null constraint market_resolution_note check (note <> ''),
  resolved_at timestamptz not null default now(),
  foreign key (market_id, outcome_id) references market_outcome (market_id, id),
  constraint market_resolution_another_decides check (decided_by is null or decided_by <> proposed_by)
);
create function market_resolution_is_final() returns trigger language plpgsql as $$
begin
  raise exception 'a resolution is final: % refused', tg_op using errcode = 'HF001';
end $$;
create trigger market_resolution_final before update or delete or truncate on market_resolution
  for each statement execute function market_resolution_is_final();
revoke update, delete on market_resolution from holdfast_app;

-- What people see happening, newest last.
create table activity (
  seq bigint generated always as identity primary key,
  type text not null constraint activity_type_known check (type in (
    'market_created', 'forecast_placed', 'market_resolved', 'market_cancelled', 'badge_earned', 'user_registered',
    'comment_posted')),
  user_id text references user_account (id),
  market_id text references market (id),
  data jsonb not null default '{}',
  at timestamptz not null default now()
);
create index activity_market on activity (market_id, seq desc);
create index activity_user on activity (user_id, seq desc);
revoke update, delete on activity from holdfast_app;
`);
  }
}
