/**
 * Two projects: `pure` tests need no server and start at once; all others share one Postgres and one Temporal server,
 * started before the first of them.
 */

const PURE_FOLDERS = ['domain', 'providers', 'architecture', 'replay', 'deploy'];

const shared = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  testRunner: '<rootDir>/test/support/native-runner.mts',
};

export default {
  maxWorkers: 2,
  // Ends what hangs. No test is about how long it takes: a busy machine may be ten times slower.
  testTimeout: 120_000,
  testSequencer: '<rootDir>/test/support/longest-first.mts',
  projects: [
    {
      ...shared,
      displayName: 'pure',
      testMatch: PURE_FOLDERS.map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
    },
    {
      ...shared,
      displayName: 'stack',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: PURE_FOLDERS.map((folder) => `<rootDir>/test/${folder}/`),
      // .mts: Jest leaves it to Node, which runs it as an ES module.
      globalSetup: '<rootDir>/test/support/global-setup.mts',
      globalTeardown: '<rootDir>/test/support/global-teardown.mts',
    },
  ],
};
