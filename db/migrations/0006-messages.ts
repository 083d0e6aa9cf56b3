/** What comes in (webhooks, repeated requests) and what goes out and is told (domain events). */

import { Migration } from '@mikro-orm/migrations';

export class Messages extends Migration {
  override up(): void {
    this.addSql(`
-- Timeline and outbox in one. The app appends and reads; nobody changes a fact.
create table domain_event (
  seq bigint generated always as identity primary key,
  id text not null unique,
  type text not null,
  order_id text,
  escrow_id text,
  subject_id text,
  actor_role text not null constraint domain_event_actor_role_known
    check (actor_role in ('buyer', 'seller', 'admin', 'system', 'carrier', 'provider')),
  actor_id text not null,
  data jsonb not null default '{}',
  xid xid8 not null default pg_current_xact_id(),
  at timestamptz not null,
  created_at timestamptz not null default now()
);
create index domain_event_order on domain_event (order_id, seq);
create index domain_event_escrow on domain_event (escrow_id, seq);
revoke update, delete on domain_event from holdfast_app;

create table webhook_inbox (
  id bigint generated always as identity primary key,
  provider text not null,
  event_id text not null,
  type text not null,
  account text,
  livemode boolean not null,
  payload jsonb not null,
  received_at timestamptz not null default now(),
  status text not null default 'new'
    constraint webhook_inbox_status_known check (status in ('new', 'done', 'ignored', 'parked')),
  attempts int not null default 0,
  next_attempt_at timestamptz not null default now(),
  last_error text,
  processed_at timestamptz,
  unique (provider, event_id)
);
create index webhook_inbox_due on webhook_inbox (next_attempt_at, id) where status = 'new';

create function notify_webhook_inbox() returns trigger language plpgsql as $$
begin
  perform pg_notify('webhook_inbox', '');
  return null;
end $$;
create trigger webhook_inbox_arrived after insert on webhook_inbox
  for each statement execute function notify_webhook_inbox();

create table idempotency_key (
  scope text not null,
  key text not null,
  request_hash text not null,
  status text not null default 'running'
    constraint idempotency_key_status_known check (status in ('running', 'done')),
  http_status int,
  response_headers jsonb,
  response_body text,
  locked_until timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (scope, key)
);
create index idempotency_key_created on idempotency_key (created_at);
`);
  }
}
