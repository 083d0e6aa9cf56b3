/** All runs of a worker share the modules of workflows and rules: one that held state would carry it from order to order. */

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');

/** The formatter puts what belongs to a module at the start of a line, and what belongs to a class two spaces in. */
const STATE = [
  /^(?:export )?(?:let|var) /,
  /^(?:(?:export )?const| {2}.*\bstatic readonly) [^=]+= (?:new |\[\];|\{\};)/,
  /^ {2}(?:private |protected |public )?static (?!readonly )(?:\w+|#\w+)[^(]*[=;]/,
];

const stateIn = (code: string): string[] => code.split('\n').filter((line) => STATE.some((form) => form.test(line)));

describe('workflows and rules', () => {
  it('hold no state in their modules', () => {
    const files = globSync(['workflows/**/*.ts', 'domain/**/*.ts'], { cwd: ROOT });
    expect(files.length).toBeGreaterThan(100);
    const found = files.flatMap((file) =>
      stateIn(readFileSync(join(ROOT, file), 'utf8')).map((line) => `${file}: ${line}`),
    );
    expect(found).toEqual([]);
  });

  it.each([
    'let count = 0;',
    'const queue = new Queue({ size: 5 });',
    "const ROLES = new Set(['buyer', 'seller']);",
    'export let last: string | null = null;',
    'const seen = new Set<string>();',
    'export const byOrder: Map<string, number> = new Map();',
    'const waiting: string[] = [];',
    'const names: Record<string, string> = {};',
    '  static count = 0;',
    '  private static seen: string[];',
    '  private static readonly byOrder = new Map<string, number>();',
  ])('would be found with: %s', (line) => {
    expect(stateIn(`import x from 'y';\n${line}\n`)).toEqual([line]);
  });

  it.each([
    '  let index = 0;',
    '  static readonly limit = 5;',
    '  static of(value: number): Amount {',
    'const LIMITS = { hold: 5 };',
  ])('may have: %s', (line) => {
    expect(stateIn(line)).toEqual([]);
  });
});
