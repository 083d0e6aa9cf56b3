/** Room for the second life of a forecast: settling it writes a new version beside the old one, and no index. */

import { Migration } from '@mikro-orm/migrations';

export class Settling extends Migration {
  /**
   * With no indexed column changed and half a page free, Postgres keeps the versions of a row on its page: settling takes
   * a third of the time. An index of page ranges does not count as one, and the instants of a period lie together.
   */
  override up(): void {
    this.addSql(`
alter table forecast set (fillfactor = 50);
drop index forecast_settled;
create index forecast_settled on forecast using brin (settled_at);
`);
  }
}
