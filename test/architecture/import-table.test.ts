/** The import table can fail: each deliberate violation in the fixture is reported under its rule, and nothing else. */

import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');
const FIXTURE = join(import.meta.dirname, 'fixture');
const FOLDERS = ['domain', 'workflows', 'activities', 'providers', 'db', 'api', 'workers', 'dev'];

type Cruise = { summary: { violations: { from: string; to: string; rule: { name: string } }[]; totalCruised: number } };

const EXPECTED = [
  ['activities-imports', 'activities/answers-requests.ts'],
  ['activities-see-types-of-workflows', 'activities/starts-a-workflow.ts'],
  ['api-imports', 'api/imports-the-dev-stack.ts'],
  ['api-imports', 'api/runs-an-activity.ts'],
  ['api-sees-types-of-workflow-code', 'api/runs-workflow-code.ts'],
  ['db-imports', 'db/calls-a-provider.ts'],
  ['domain-imports', 'domain/asks-the-database.ts'],
  ['domain-is-pure', 'domain/asks-the-database.ts'],
  ['domain-is-pure', 'domain/reads-files.ts'],
  ['no-broken-imports', 'api/imports-a-missing-file.ts'],
  ['no-cycles', 'domain/cycle-a.ts'],
  ['no-development-packages-in-production', 'api/uses-a-test-package.ts'],
  ['providers-imports', 'providers/writes-rows.ts'],
  ['workers-imports', 'workers/imports-the-api.ts'],
  ['workers-imports', 'workers/imports-workflow-code.ts'],
  ['workflows-are-sandboxed', 'workflows/order/uses-node.ts'],
  ['workflows-imports', 'workflows/escrow/writes-rows.ts'],
  ['workflows-keep-to-their-folder', 'workflows/escrow/reads-order-state.ts'],
  ['workflows-see-types-of-activities', 'workflows/order/runs-an-activity.ts'],
];

describe('the import table', () => {
  it('reports every deliberate violation under its rule and nothing that follows the table', () => {
    const { violations } = cruiseFixture().summary;
    const found = violations.map(({ rule, from }) => [rule.name, from]);
    expect(found.toSorted(byText)).toEqual(EXPECTED.toSorted(byText));
  });

  it('has a violation in the fixture for each of its rules', () => {
    const require = createRequire(import.meta.url);
    const config = require('../../.dependency-cruiser.cjs') as { forbidden: { name: string }[] };
    const rules = new Set(config.forbidden.map((rule) => rule.name));
    expect(new Set(EXPECTED.map(([rule]) => rule))).toEqual(rules);
  });
});

function cruiseFixture(): Cruise {
  const cruiser = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const config = join(ROOT, '.dependency-cruiser.cjs');
  const options = ['--config', config, '--ts-config', join(ROOT, 'tsconfig.json'), '--output-type', 'json'];
  const answer = execFileSync(process.execPath, [cruiser, ...options, ...FOLDERS], {
    cwd: FIXTURE,
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  });
  return JSON.parse(answer) as Cruise;
}

function byText(a: string[], b: string[]): number {
  return a.join().localeCompare(b.join());
}
