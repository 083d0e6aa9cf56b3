/** Brings the dev stack's database up to date: schema always, demo data once. */

import { migrate } from '../db/migrate.ts';
import { initOrm } from '../db/orm.ts';
import { seed } from '../db/seed.ts';
import type { Progress } from './progress.ts';
import { messageOf, StackError } from './stack-error.ts';

/** Migrates, then seeds when there is no account yet. Fails with StackError. */
export async function prepareDatabase(url: string, progress: Progress): Promise<void> {
  await progress.step('Schema', async () => {
    try {
      await migrate(url);
    } catch (error) {
      throw new StackError(messageOf(error));
    }
  });
  const orm = await initOrm(url);
  try {
    const em = orm.em.fork();
    const [account] = await em.getConnection().execute('select 1 from user_account limit 1');
    if (account === undefined) await progress.step('Demo data', () => seed(em));
  } finally {
    await orm.close();
  }
}
