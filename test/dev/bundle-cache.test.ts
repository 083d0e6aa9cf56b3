/** What webpack remembers between two starts never comes back as an old bundle. */

import { execFile } from 'node:child_process';
import { appendFile, cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

const SOURCES = ['workflows', 'domain', 'workers', 'package.json', 'package-lock.json'];

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'holdfast-bundle-'));
  for (const source of SOURCES) await cp(source, join(root, source), { recursive: true });
  await symlink(resolve('node_modules'), join(root, 'node_modules'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function bundle(): Promise<string> {
  const file = join(root, 'bundle.js');
  const args = [join(root, 'workers/build-bundle.ts'), file, join(root, 'cache')];
  await promisify(execFile)(process.execPath, args, { cwd: root });
  return await readFile(file, 'utf8');
}

it('a file that has changed is in the next bundle', async () => {
  expect(await bundle()).not.toContain('said today');
  await appendFile(join(root, 'domain/escrow.ts'), "\nexport const WORDS = 'said today';\n");
  expect(await bundle()).toContain('said today');
});
