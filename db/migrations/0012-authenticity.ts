/** The verifier leg: listings that ask for it, one case per hold, and the goods' way from hand to hand. */

import { Migration } from '@mikro-orm/migrations';

const CONDITIONS = "'mint', 'near_mint', 'excellent', 'good', 'light_played', 'played', 'poor'";

/** The times of `domain/policy/presets/fliiply.ts` when this was written: channels made before take them over. */
const FLIIPLY_TIMES = JSON.stringify({
  authenticity: {
    assignWithinMs: 259_200_000,
    inspectWithinMs: 604_800_000,
    forwardWithinMs: 259_200_000,
    choiceWithinMs: 259_200_000,
  },
});

export class Authenticity extends Migration {
  override up(): void {
    this.addSql(`
-- Asked for by the seller; frozen into the vendor order when it is placed.
alter table listing add column authenticity boolean not null default false;
alter table vendor_order
  add column authenticity boolean not null default false,
  add column graded_condition text constraint vendor_order_graded_condition_known check (graded_condition in (${CONDITIONS}));

-- content: the case as the domain's rules know it; the columns beside it are what people look for.
create table authenticity_case (
  id text primary key,
  escrow_id text not null unique references escrow (id),
  order_id text not null references orders (id),
  vendor_order_id text not null references vendor_order (id),
  buyer_id text not null references user_account (id),
  seller_id text not null references user_account (id),
  phase text not null constraint authenticity_case_phase_known check (phase in (
    'assigning', 'in_transit_to_verifier', 'with_verifier', 'mismatch_choice', 'to_forward', 'passed', 'accepted',
    'price_lowered', 'failed', 'declined', 'overdue', 'cancelled')),
  verifier_id text references user_account (id),
  finding text constraint authenticity_case_finding_known check (finding in ('passed', 'failed', 'mismatch')),
  condition text constraint authenticity_case_condition_known check (condition in (${CONDITIONS})),
  note text,
  result text constraint authenticity_case_result_known check (result in (
    'passed', 'accepted', 'price_lowered', 'failed', 'declined', 'overdue')),
  currency currency_code not null,
  -- What the verifier found the goods to be worth, where the buyer may take them for that.
  lower_price_minor minor_units constraint authenticity_case_lower_price_positive check (lower_price_minor > 0),
  content jsonb not null,
  deadline_at timestamptz,
  version int not null default 1,
  opened_at timestamptz not null,
  closed_at timestamptz,
  updated_at timestamptz not null default now(),
  constraint authenticity_case_conflict check (verifier_id is null or verifier_id not in (buyer_id, seller_id)),
  constraint authenticity_case_open_with_deadline check ((deadline_at is null) = (closed_at is not null))
);
create index authenticity_case_order on authenticity_case (order_id);
create index authenticity_case_vendor_order on authenticity_case (vendor_order_id);
create index authenticity_case_queue on authenticity_case (deadline_at, id) where closed_at is null;
create index authenticity_case_verifier on authenticity_case (verifier_id, opened_at) where verifier_id is not null;

-- Who had the goods when, and what they did: nobody changes or removes a line. One per change of the case at most.
create table custody_scan (
  authenticity_id text not null references authenticity_case (id),
  seq int not null,
  step text not null constraint custody_scan_step_known check (step in ('sent', 'received', 'inspected', 'forwarded')),
  actor_role text not null
    constraint custody_scan_actor_role_known check (actor_role in ('seller', 'verifier', 'admin')),
  actor_id text not null references user_account (id),
  location text,
  note text,
  carrier text,
  tracking_number text,
  at timestamptz not null,
  primary key (authenticity_id, seq)
);
revoke update, delete on custody_scan from holdfast_app;

update channel set policy = policy || '${FLIIPLY_TIMES}'::jsonb, policy_version = policy_version + 1
where preset = 'fliiply' and policy->'authenticity' is null;
`);
  }
}
