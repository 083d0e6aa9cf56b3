/**
 * `npm test`: static checks (each counts as one test), then Jest. Ends with one line alone: `N passed, N failed`.
 * `npm test -- test/api` hands its arguments to Jest and skips the checks; `--only-checks` skips Jest.
 */

import { type SpawnOptions, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const ROOT = join(import.meta.dirname, '..');
const FOLDERS = ['domain', 'workflows', 'activities', 'providers', 'db', 'api', 'workers', 'dev', 'bench', 'test'];

const CHECKS: [title: string, tool: string, args: string[]][] = [
  ['types', 'tsc', ['--noEmit', '-p', '.']],
  ['lint, promises handled', 'oxlint', ['--deny-warnings']],
  ['format', 'biome', ['ci', '--colors=off', '--reporter=summary']],
  ['import table', 'depcruise', ['--config', '.dependency-cruiser.cjs', ...FOLDERS]],
  ['nothing unused', 'knip', ['--no-progress']],
];

type Counts = { passed: number; failed: number };

const jestReport = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numRuntimeErrorTestSuites: z.int(),
});

async function main(args: string[]): Promise<number> {
  const onlyChecks = args.includes('--only-checks');
  const forJest = args.filter((arg) => arg !== '--only-checks');
  const checks = forJest.length === 0 ? await runChecks() : { passed: 0, failed: 0 };
  const tests = onlyChecks ? { passed: 0, failed: 0 } : await runJest(forJest);
  const passed = checks.passed + tests.passed;
  const failed = checks.failed + tests.failed;
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

async function runChecks(): Promise<Counts> {
  const results = await Promise.all(
    CHECKS.map(async ([title, tool, args]) => {
      const startedAt = performance.now();
      const { code, output } = await run(join(ROOT, 'node_modules/.bin', tool), args, {
        stdio: 'pipe',
        env: { ...process.env, NO_COLOR: '1' },
      });
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      process.stdout.write(`${code === 0 ? 'PASS' : 'FAIL'} check: ${title} (${tool}, ${seconds} s)\n`);
      if (code !== 0) process.stdout.write(`${output}\n`);
      return code === 0;
    }),
  );
  const passed = results.filter(Boolean).length;
  return { passed, failed: results.length - passed };
}

async function runJest(args: string[]): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-report-'));
  const report = join(folder, 'jest.json');
  const env = {
    ...process.env,
    NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
  };
  try {
    const jest = join(ROOT, 'node_modules/.bin/jest');
    const { code } = await run(jest, ['--json', '--outputFile', report, ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env,
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

function run(command: string, args: string[], options: SpawnOptions): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, ...options });
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
