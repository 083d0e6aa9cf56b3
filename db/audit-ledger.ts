/** `npm run audit:ledger`: prints every invariant of the books and what breaks it; exits with 1 if anything does. */

import { auditLedger } from './ledger/audit.ts';
import { initOrm } from './orm.ts';

async function main(): Promise<boolean> {
  const databaseUrl = process.env.DATABASE_URL;
  if (!databaseUrl) throw new Error('Set DATABASE_URL to the database to audit.');
  const orm = await initOrm(databaseUrl, { pool: { max: 1 } });
  try {
    const { clean, findings } = await auditLedger(orm.em);
    for (const { name, violations, rows } of findings) {
      process.stdout.write(
        `${violations === 0 ? 'ok  ' : 'FAIL'} ${name}${violations === 0 ? '' : `: ${violations}`}\n`,
      );
      for (const row of rows) process.stdout.write(`       ${JSON.stringify(row)}\n`);
      if (violations > rows.length) process.stdout.write(`       and ${violations - rows.length} more\n`);
    }
    const broken = findings.filter((finding) => finding.violations > 0).length;
    process.stdout.write(
      clean ? `The books are clean: ${findings.length} invariants hold.\n` : `${broken} invariants do not hold.\n`,
    );
    return clean;
  } finally {
    await orm.close();
  }
}

main().then(
  (clean) => {
    process.exitCode = clean ? 0 : 1;
  },
  (error: unknown) => {
    process.stderr.write(`The audit could not run: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);
