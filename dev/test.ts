/**
 * `npm test`: static checks (each counts as one test) beside Jest. Ends with one line alone: `N passed, N failed`.
 * `npm test -- test/api` hands its arguments to Jest and skips the checks; `--only-checks` skips Jest.
 */

import { type SpawnOptions, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const ROOT = join(import.meta.dirname, '..');
const FOLDERS = ['domain', 'workflows', 'activities', 'providers', 'db', 'api', 'workers', 'dev', 'bench', 'test'];

const CHECKS: [title: string, tool: string, args: string[]][] = [
  ['types, lint, promises handled', 'oxlint', ['--deny-warnings']],
  ['format', 'biome', ['ci', '--colors=off', '--reporter=summary']],
  ['import table', 'depcruise', ['--config', '.dependency-cruiser.cjs', ...FOLDERS]],
  ['nothing unused', 'knip', ['--no-progress']],
];

type Counts = { passed: number; failed: number };
const NONE: Counts = { passed: 0, failed: 0 };

const jestReport = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numRuntimeErrorTestSuites: z.int(),
});

async function main(args: string[]): Promise<number> {
  const onlyChecks = args.includes('--only-checks');
  const forJest = args.filter((arg) => arg !== '--only-checks');
  const [checks, tests] = await Promise.all([
    forJest.length === 0 ? runChecks() : NONE,
    onlyChecks ? NONE : runJest(forJest),
  ]);
  const passed = checks.passed + tests.passed;
  const failed = checks.failed + tests.failed;
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

/** One after the other, with what the tests leave of the machine: they have clocks to keep. */
async function runChecks(): Promise<Counts> {
  const counts = { ...NONE };
  for (const [title, tool, args] of CHECKS) {
    const startedAt = performance.now();
    const { code, output } = await run(join(ROOT, 'node_modules/.bin', tool), args, {
      stdio: 'pipe',
      env: { ...process.env, NO_COLOR: '1' },
      priority: constants.priority.PRIORITY_BELOW_NORMAL,
    });
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    process.stdout.write(`${code === 0 ? 'PASS' : 'FAIL'} check: ${title} (${tool}, ${seconds} s)\n`);
    if (code !== 0) process.stdout.write(`${output}\n`);
    counts[code === 0 ? 'passed' : 'failed'] += 1;
  }
  return counts;
}

async function runJest(args: string[]): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-report-'));
  const report = join(folder, 'jest.json');
  try {
    const jest = join(ROOT, 'node_modules/.bin/jest');
    const { code } = await run(jest, ['--json', '--outputFile', report, ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const counts = readReport(report);
    // Jest can fail without a failed test: a server that did not start, an error after the last test.
    return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readReport(file: string): Counts {
  try {
    const report = jestReport.parse(JSON.parse(readFileSync(file, 'utf8')));
    return { passed: report.numPassedTests, failed: report.numFailedTests + report.numRuntimeErrorTestSuites };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

type RunOptions = SpawnOptions & { priority?: number };

function run(
  command: string,
  args: string[],
  { priority, ...options }: RunOptions,
): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, ...options });
    if (priority !== undefined && child.pid !== undefined) setPriority(child.pid, priority);
    let output = '';
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

process.exitCode = await main(process.argv.slice(2));
