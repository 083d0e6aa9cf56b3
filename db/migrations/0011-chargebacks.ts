/** Chargebacks: what a bank takes back, which holds carry it, and what is claimed back from sellers for it. */

import { Migration } from '@mikro-orm/migrations';

export class Chargebacks extends Migration {
  override up(): void {
    this.addSql(`
-- closed_at: the bank has decided. claimed_at: it is fixed who bears what. settled_at: everything that follows is done.
create table chargeback (
  id text primary key,
  payment_id text not null references payment (id),
  order_id text not null references orders (id),
  provider text not null
    constraint chargeback_provider_known check (provider in ('stripe', 'pi', 'wallet', 'gcash', 'paymaya')),
  currency currency_code not null,
  amount_minor minor_units not null constraint chargeback_amount_positive check (amount_minor > 0),
  reason text not null,
  status text not null default 'open' constraint chargeback_status_known check (status in ('open', 'won', 'lost')),
  fee_minor minor_units not null default 0 constraint chargeback_fee_not_negative check (fee_minor >= 0),
  -- What no hold and no seller can carry, because it had gone back to the buyer before; booked when the bank has won.
  absorbed_minor minor_units not null default 0
    constraint chargeback_absorbed_within_amount check (absorbed_minor between 0 and amount_minor),
  evidence_due_by timestamptz,
  -- What the bank was told, as it was sent.
  evidence jsonb,
  evidence_sent_at timestamptz,
  opened_at timestamptz not null,
  closed_at timestamptz,
  claimed_at timestamptz,
  settled_at timestamptz,
  updated_at timestamptz not null default now(),
  constraint chargeback_closed_with_decision check ((status = 'open') = (closed_at is null)),
  constraint chargeback_settled_after_decision check (settled_at is null or closed_at is not null),
  constraint chargeback_evidence_kept check (evidence_sent_at is null or evidence is not null)
);
create index chargeback_order on chargeback (order_id);
create index chargeback_list on chargeback (opened_at desc, id desc);

-- What of it each hold carries, fixed when it was opened: held_minor from the hold itself, the rest from what it released.
create table chargeback_share (
  chargeback_id text not null references chargeback (id),
  escrow_id text not null references escrow (id),
  amount_minor minor_units not null constraint chargeback_share_positive check (amount_minor > 0),
  held_minor minor_units not null
    constraint chargeback_share_held_within_amount check (held_minor between 0 and amount_minor),
  primary key (chargeback_id, escrow_id)
);
create index chargeback_share_escrow on chargeback_share (escrow_id);

-- Released money that is claimed back from its seller. Rung by rung: the payout reversed, the wallet, the rest owed.
create table claw_back (
  chargeback_id text not null,
  escrow_id text not null,
  order_id text not null references orders (id),
  seller_id text not null references user_account (id),
  currency currency_code not null,
  amount_minor minor_units not null constraint claw_back_amount_positive check (amount_minor > 0),
  -- Which transfers are taken back and how much of each, decided once; null: not looked at yet.
  reversals jsonb,
  reversed_minor minor_units not null default 0,
  wallet_minor minor_units not null default 0,
  owed_minor minor_units not null default 0,
  written_off_minor minor_units not null default 0,
  claimed_at timestamptz not null,
  taken_at timestamptz,
  updated_at timestamptz not null default now(),
  primary key (chargeback_id, escrow_id),
  foreign key (chargeback_id, escrow_id) references chargeback_share (chargeback_id, escrow_id),
  constraint claw_back_rungs_not_negative check (reversed_minor >= 0 and wallet_minor >= 0 and owed_minor >= 0),
  constraint claw_back_rungs_sum_to_amount check (
    reversed_minor + wallet_minor + owed_minor = case when taken_at is null then 0 else amount_minor end),
  constraint claw_back_written_off_within_owed check (written_off_minor between 0 and owed_minor)
);
create index claw_back_seller on claw_back (seller_id, currency, claimed_at);
create index claw_back_escrow on claw_back (escrow_id);
`);
  }
}
