/** What a deployment is told agrees with the code: variables, entry points, search attributes. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SEARCH_ATTRIBUTES } from '../../dev/temporal-server.ts';

const ROOT = join(import.meta.dirname, '../..');
const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const allMatches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] ?? '');

describe('.env.example', () => {
  const offered = new Set(allMatches(textOf('.env.example'), /^([A-Z][A-Z0-9_]+)=/gm));

  it.each(['api/config.ts', 'workers/config.ts', 'dev/settings.ts'])('has every variable that %s reads', (file) => {
    const read = allMatches(textOf(file), /^ {2}([A-Z][A-Z0-9_]+): /gm);
    expect(read).not.toHaveLength(0);
    expect(read.filter((name) => !offered.has(name))).toEqual([]);
  });

  it('has every variable that docker-compose.yml takes from outside', () => {
    const read = allMatches(textOf('docker-compose.yml'), /\$\{([A-Z_]+)[:}]/g);
    expect(read.filter((name) => !offered.has(name))).toEqual([]);
  });
});

describe('docker-compose.yml and Dockerfile', () => {
  it('start entry points that exist', () => {
    const files = `${textOf('docker-compose.yml')}${textOf('Dockerfile')}`;
    const entries = allMatches(files, /\bnode"?,? "?([a-z-]+\/[a-z-]+\.ts)/g);
    expect(new Set(entries)).toEqual(
      new Set(['api/main.ts', 'workers/main.ts', 'db/migrate.ts', 'workers/build-bundle.ts']),
    );
    expect(entries.filter((entry) => !existsSync(join(ROOT, entry)))).toEqual([]);
  });

  it('register the search attributes that the dev server has', () => {
    const names = allMatches(textOf('docker-compose.yml'), /--name=(\w+)/g);
    expect(names.toSorted()).toEqual(Object.keys(SEARCH_ATTRIBUTES).toSorted());
  });
});
