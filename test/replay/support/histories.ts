/** The stored histories: one JSON file per run, as the server exports it, without what would name a machine. */

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { History } from '../../workflows/support/history.ts';

const FOLDER = join(import.meta.dirname, '../histories');

/** `name` is the file's without its ending: the workflow, then its story. */
export type StoredHistory = { name: string; history: unknown };

export function readHistories(): StoredHistory[] {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
  return files.map((file) => ({
    name: basename(file, '.json'),
    history: JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as unknown,
  }));
}

/** Replaces the histories of these names and leaves any other alone. */
export function writeHistories(histories: readonly { name: string; history: History }[]): void {
  mkdirSync(FOLDER, { recursive: true });
  for (const { name, history } of histories) {
    const plain: unknown = JSON.parse(historyToJSON(history), withoutMachine);
    writeFileSync(join(FOLDER, `${name}.json`), `${JSON.stringify(plain, null, 1)}\n`);
  }
}

function withoutMachine(key: string, value: unknown): unknown {
  if (key === 'identity') return 'recorder';
  return key === 'stackTrace' ? '' : value;
}
