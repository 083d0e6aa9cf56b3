/** The role the running app has, what it may do with every later table, and the type of every currency column. */

import { Migration } from '@mikro-orm/migrations';

export class Roles extends Migration {
  /**
   * `holdfast_app` owns nothing. Roles belong to the whole cluster, so another database's migration may be creating
   * this one at the same time: losing that race is as good as winning it.
   */
  override up(): void {
    this.addSql(`
do $$
begin
  if not exists (select from pg_roles where rolname = 'holdfast_app') then
    create role holdfast_app nologin;
  end if;
exception when duplicate_object or unique_violation then
  null;
end $$;

do $$
begin
  if not pg_has_role(current_user, 'holdfast_app', 'SET') or not exists (
    select from pg_auth_members m
    where m.roleid = 'holdfast_app'::regrole and m.member = current_user::regrole
  ) then
    grant holdfast_app to current_user;
  end if;
exception when unique_violation or internal_error then
  null;
end $$;

grant usage on schema public to holdfast_app;
alter default privileges in schema public grant select, insert, update, delete on tables to holdfast_app;
alter default privileges in schema public grant usage, select on sequences to holdfast_app;
alter default privileges revoke execute on functions from public;

create extension if not exists pg_trgm;

create domain currency_code as text constraint currency_code_known check (value in (
  'USD', 'EUR', 'GBP', 'INR', 'PHP', 'CAD', 'JPY', 'KRW', 'VND', 'XAF', 'RWF', 'KWD', 'BHD',
  'ISK', 'UGX', 'HUF', 'TWD', 'PI', 'CHIP'
));

-- An amount of minor units that JavaScript can hold exactly (within 2^53 - 1).
create domain minor_units as bigint constraint minor_units_safe
  check (value between -9007199254740991 and 9007199254740991);
`);
  }
}
