/**
 * Jest's own runner (circus: its timeouts, its concurrency, its reports), but Node itself loads the test files and all
 * they import. Tests then run what production runs, not a rewriting of it, and the files of one worker process share
 * the packages: Jest would load MikroORM and Temporal's SDK anew for each of them.
 */

import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import circus from 'jest-circus/runner';
import { type Globals, useGlobals } from './jest-globals.ts';

/** What circus asks of Jest for a test file. */
type Runtime = {
  setGlobalsForRuntime(globals: Globals): void;
  unstable_shouldLoadAsEsm(path: string): boolean;
  unstable_importModule(path: string): Promise<unknown>;
};

/** Where circus and `expect` live, apart from the tests: they must mean the same by `expect.any(String)`. */
type Environment = { global: object };
const SHARED = { Array, BigInt, Boolean, Date, Error, Function, Map, Number, Object, Promise, Set, String, Symbol };

const GLOBALS = new URL('./jest-globals.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@jest/globals' ? { url: GLOBALS, shortCircuit: true } : next(specifier, context),
});

/** Jest's contract of a `testRunner`; one call, with a runtime of its own, for each test file. */
export default function run(
  ...args: [globalConfig: unknown, config: unknown, environment: Environment, runtime: Runtime, ...rest: unknown[]]
): Promise<unknown> {
  const [, , environment, runtime] = args;
  Object.assign(environment.global, SHARED);
  runtime.setGlobalsForRuntime = useGlobals;
  runtime.unstable_shouldLoadAsEsm = () => true;
  runtime.unstable_importModule = (path) => import(pathToFileURL(path).href);
  return circus.default(...args);
}
