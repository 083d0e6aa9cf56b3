/** `@jest/globals` for modules that Node loads: what is asked of them goes to the test file that is running. */

import type * as jest from '@jest/globals';

export type Globals = Pick<
  typeof jest,
  'afterAll' | 'afterEach' | 'beforeAll' | 'beforeEach' | 'describe' | 'expect' | 'it'
>;

let running: Globals;

/** Called by the runner before it loads a test file: every file has its own. */
export function useGlobals(globals: Globals): void {
  running = globals;
}

function ofRunningFile<Name extends keyof Globals>(name: Name): Globals[Name] {
  const callable = (() => {}) as unknown as Globals[Name];
  return new Proxy(callable, {
    apply: (_callable, self, args): unknown => Reflect.apply(running[name], self, args),
    get: (_callable, property): unknown => Reflect.get(running[name], property),
  });
}

export const afterAll = ofRunningFile('afterAll');
export const afterEach = ofRunningFile('afterEach');
export const beforeAll = ofRunningFile('beforeAll');
export const beforeEach = ofRunningFile('beforeEach');
export const describe = ofRunningFile('describe');
export const expect = ofRunningFile('expect');
export const it = ofRunningFile('it');
