/** Keeps the store across restarts: an append-only file of changes, rewritten compactly at each start. */

import { appendFileSync, closeSync, openSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Change } from './store.ts';

/** What a file keeps: a store that tells every change and repeats it. */
type Kept = { lines(): Iterable<string>; replay(change: Change): void };

export type PersistentStore<Store extends Kept> = {
  store: Store;
  /** Puts every change so far into the file, before it is answered: so what was answered survives a crash. */
  flush: () => void;
  /** Afterwards nothing more is kept. */
  close: () => void;
};

/**
 * The store that `create` makes, backed by the file, or by nothing when there is none. Fails when the file cannot be
 * read or written.
 */
export async function openStore<Store extends Kept>(
  file: string | null,
  create: (onChange?: (line: string) => void) => Store,
): Promise<PersistentStore<Store>> {
  if (file === null) return { store: create(), flush: () => undefined, close: () => undefined };
  let unwritten: string[] = [];
  const store = create((line) => unwritten.push(line));
  await load(store, file);
  await compact(store, file);
  let descriptor: number | null = openSync(file, 'a');
  // Synchronously: the page cache takes a few lines in microseconds, less than a trip through the thread pool.
  const flush = () => {
    if (unwritten.length === 0 || descriptor === null) return;
    appendFileSync(descriptor, `${unwritten.join('\n')}\n`);
    unwritten = [];
  };
  return {
    store,
    flush,
    close() {
      flush();
      if (descriptor !== null) closeSync(descriptor);
      descriptor = null;
    },
  };
}

async function load(store: Kept, file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  // This flag makes the file where there is none.
  const text = await readFile(file, { encoding: 'utf8', flag: 'a+' });
  for (const line of text.split('\n')) {
    const change = parseChange(line);
    if (change) store.replay(change);
  }
}

/** Null for an empty line, and for one that a crash cut off: its request was never answered. */
function parseChange(line: string): Change | null {
  if (line === '') return null;
  try {
    return JSON.parse(line) as Change;
  } catch {
    return null;
  }
}

async function compact(store: Kept, file: string): Promise<void> {
  const fresh = `${file}.new`;
  await writeFile(fresh, [...store.lines()].map((line) => `${line}\n`).join(''));
  await rename(fresh, file);
}
