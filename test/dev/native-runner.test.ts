/** The test runner finds every kind of failure: tests that Node loads are still Jest's to judge. */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { z } from 'zod';

const ROOT = join(import.meta.dirname, '../..');

const CONFIG = {
  rootDir: ROOT,
  testEnvironment: 'node',
  testRunner: '<rootDir>/test/support/native-runner.mts',
  testMatch: ['<rootDir>/test/dev/fixture/failing-cases.ts'],
};

const reportSchema = z.object({
  testResults: z.array(z.object({ assertionResults: z.array(z.object({ title: z.string(), status: z.string() })) })),
});

function runFixture(): Promise<string> {
  const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
  const args = [jest, '--json', '--config', JSON.stringify(CONFIG)];
  return new Promise((resolve) => {
    // Ends with 1, because tests fail: the report says which.
    execFile(process.execPath, args, { cwd: ROOT }, (_failed, stdout) => resolve(stdout));
  });
}

it('fails what hangs, throws, differs or is left undone, and nothing else', async () => {
  const report = reportSchema.parse(JSON.parse(await runFixture()));
  const cases = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  expect(Object.fromEntries(cases.map(({ title, status }) => [title, status]))).toEqual({
    hangs: 'failed',
    'asserts less than it announced': 'failed',
    'is refused with another error': 'failed',
    'throws where nobody catches': 'failed',
    'leaves a rejection to nobody': 'failed',
    passes: 'passed',
    differs: 'failed',
    'passes on what both worlds make': 'passed',
  });
});
