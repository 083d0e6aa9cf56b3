/** What a release gave its seller, as the ledger has it. */

import type { EntityManager } from '@mikro-orm/postgresql';

/**
 * The net of these journals for an account, in minor units: of a release, and of the debt that was paid out of it at once.
 * Null where none of them was posted.
 */
export async function netOfJournals(
  em: EntityManager,
  keys: readonly string[],
  account: string,
): Promise<number | null> {
  const [row] = await em.execute<{ journals: number; net_minor: string }[]>(
    `select count(distinct j.id)::int as journals, coalesce(sum(p.amount_minor), 0) as net_minor
     from ledger_journal j left join ledger_posting p on p.journal_id = j.id and p.account = ?
     where j.key in (?)`,
    [account, keys],
  );
  return row && row.journals > 0 ? Number(row.net_minor) : null;
}
