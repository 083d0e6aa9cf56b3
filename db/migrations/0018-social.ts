/** People among each other: whom they follow, what they say about markets, and who brought whom along. */

import { Migration } from '@mikro-orm/migrations';

export class Social extends Migration {
  override up(): void {
    this.addSql(`
create table follow (
  follower_id text not null references user_account (id),
  followed_id text not null references user_account (id),
  at timestamptz not null default now(),
  primary key (follower_id, followed_id),
  constraint follow_of_another check (follower_id <> followed_id)
);
create index follow_followed on follow (followed_id, at desc);
create index follow_follower on follow (follower_id, at desc);

-- seq: the order in which they were posted.
create table market_comment (
  id text primary key,
  seq bigint generated always as identity unique,
  market_id text not null references market (id),
  user_id text not null references user_account (id),
  body text not null constraint market_comment_length check (length(body) between 1 and 5000),
  status text not null default 'visible'
    constraint market_comment_status_known check (status in ('visible', 'hidden', 'deleted')),
  -- The last moderator who hid it or showed it again, and why.
  moderated_by text references user_account (id),
  moderated_at timestamptz,
  hidden_reason text,
  reports int not null default 0,
  created_at timestamptz not null default now(),
  constraint market_comment_hidden_by_somebody check (
    status <> 'hidden' or (moderated_by is not null and moderated_at is not null and hidden_reason is not null))
);
create index market_comment_market on market_comment (market_id, seq desc);
create index market_comment_reported on market_comment (reports desc, seq desc) where reports > 0;

create table comment_report (
  comment_id text not null references market_comment (id),
  user_id text not null references user_account (id),
  reason text not null,
  at timestamptz not null default now(),
  primary key (comment_id, user_id)
);

create table referral_code (
  user_id text primary key references user_account (id),
  code text not null constraint referral_code_taken unique,
  created_at timestamptz not null default now()
);

-- One for each friend who came with a code.
create table referral (
  friend_id text primary key references user_account (id),
  referrer_id text not null references user_account (id),
  joined_at timestamptz not null default now(),
  rewarded_at timestamptz,
  chips minor_units,
  constraint referral_of_another check (friend_id <> referrer_id),
  constraint referral_rewarded_with_chips check ((rewarded_at is null) = (chips is null) and (chips is null or chips > 0))
);
create index referral_referrer on referral (referrer_id, joined_at desc);
create index referral_waiting on referral (friend_id) where rewarded_at is null;
`);
  }
}
