/** Keeps the store across restarts: an append-only file of changes, rewritten compactly at each start. */

import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Change, Store } from './store.ts';

export type PersistentStore = {
  store: Store;
  /** Resolves once every change so far is in the file: answers wait for it, so what was answered survives a crash. */
  flush: () => Promise<void>;
};

/** A store backed by the file, or by nothing when there is none. Fails when the file cannot be read or written. */
export async function openStore(file: string | null): Promise<PersistentStore> {
  if (file === null) return { store: new Store(), flush: async () => undefined };
  let unwritten: string[] = [];
  let writing: Promise<void> = Promise.resolve();
  const store = new Store((line) => unwritten.push(line));
  await load(store, file);
  await compact(store, file);
  return {
    store,
    flush() {
      // One write at a time; changes that gather meanwhile go out together in the next one.
      writing = writing
        .catch(() => undefined)
        .then(async () => {
          if (unwritten.length === 0) return;
          const lines = unwritten;
          unwritten = [];
          try {
            await appendFile(file, `${lines.join('\n')}\n`);
          } catch (error) {
            unwritten = [...lines, ...unwritten];
            throw error;
          }
        });
      return writing;
    },
  };
}

async function load(store: Store, file: string): Promise<void> {
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

async function compact(store: Store, file: string): Promise<void> {
  const fresh = `${file}.new`;
  await writeFile(fresh, [...store.lines()].map((line) => `${line}\n`).join(''));
  await rename(fresh, file);
}
