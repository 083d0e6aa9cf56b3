/** People: their accounts, their sign-in sessions, and where their earnings go. */

import { Migration } from '@mikro-orm/migrations';

export class Identity extends Migration {
  override up(): void {
    this.addSql(`
create table user_account (
  id text primary key,
  email text not null constraint user_account_email_taken unique
    constraint user_account_email_lower_case check (email = lower(email)),
  password_hash text not null,
  display_name text not null,
  account_type text not null
    constraint user_account_account_type_known check (account_type in ('individual', 'professional')),
  roles text[] not null default '{user}'
    constraint user_account_roles_known check (roles <@ array['user', 'moderator', 'verifier', 'admin']),
  status text not null default 'active'
    constraint user_account_status_known check (status in ('active', 'suspended', 'banned')),
  level int not null default 1 constraint user_account_level_positive check (level >= 1),
  created_at timestamptz not null default now()
);

create table refresh_token (
  id uuid primary key,
  user_id text not null references user_account (id),
  family_id uuid not null,
  token_hash text not null unique,
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz
);
create index refresh_token_family on refresh_token (family_id);
create index refresh_token_user on refresh_token (user_id);

create table seller_account (
  user_id text not null references user_account (id),
  provider text not null
    constraint seller_account_provider_known check (provider in ('stripe', 'pi', 'wallet', 'gcash', 'paymaya')),
  account_id text not null,
  transfers_enabled boolean not null,
  updated_at timestamptz not null default now(),
  primary key (user_id, provider),
  unique (provider, account_id)
);
`);
  }
}
