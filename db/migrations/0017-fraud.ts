/** Signs of cheating: traces of devices and addresses, flags for people to look at, and what they decided. */

import { Migration } from '@mikro-orm/migrations';

export class Fraud extends Migration {
  override up(): void {
    this.addSql(`
-- Keyed hashes, never the device or the address itself.
create table signal (
  seq bigint generated always as identity primary key,
  user_id text not null references user_account (id),
  kind text not null constraint signal_kind_known check (kind in ('register', 'login', 'forecast', 'purchase')),
  device_hash text,
  ip_hash text,
  at timestamptz not null default now(),
  constraint signal_of_something check (device_hash is not null or ip_hash is not null)
);
create index signal_device on signal (device_hash, at) where device_hash is not null;
create index signal_user on signal (user_id);
create index signal_at on signal using brin (at);

create index forecast_of_device on forecast (device_hash, placed_at) where device_hash is not null;
create index forecast_placed on forecast using brin (placed_at);

-- subject: what the flag is about within the rule, so that the same thing is raised once for a user.
create table fraud_flag (
  id text primary key,
  rule text not null constraint fraud_flag_rule_known check (rule in (
    'many_accounts_on_device', 'both_sides_of_market', 'burst_before_closing', 'purchase_velocity',
    'chargeback_history', 'unrecovered_chips', 'self_referral')),
  severity text not null constraint fraud_flag_severity_known check (severity in ('low', 'medium', 'high')),
  user_id text not null references user_account (id),
  subject text not null,
  evidence jsonb not null,
  status text not null default 'open'
    constraint fraud_flag_status_known check (status in ('open', 'cleared', 'limited', 'suspended')),
  decided_by text references user_account (id),
  decided_at timestamptz,
  note text,
  raised_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint fraud_flag_once unique (rule, user_id, subject),
  constraint fraud_flag_decided_by_a_person check (
    (status = 'open') = (decided_by is null) and (status = 'open') = (decided_at is null)
    and (status = 'open') = (note is null) and decided_by is distinct from user_id)
);
create index fraud_flag_queue on fraud_flag (status, raised_at, id);
create index fraud_flag_user on fraud_flag (user_id, status);

-- Every decision about a flag, for good.
create table fraud_decision (
  seq bigint generated always as identity primary key,
  flag_id text not null references fraud_flag (id),
  user_id text not null references user_account (id),
  outcome text not null
    constraint fraud_decision_outcome_known check (outcome in ('clear', 'limit', 'suspend', 'lift')),
  decided_by text not null references user_account (id),
  note text not null,
  at timestamptz not null default now()
);
create index fraud_decision_flag on fraud_decision (flag_id, seq);
revoke update, delete on fraud_decision from holdfast_app;
revoke update on signal from holdfast_app;
`);
  }
}
