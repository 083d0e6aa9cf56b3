/** The files that take longest come first, so that no worker ends up with one of them while the others have nothing left. */

import published from '@jest/test-sequencer';

/** Its types describe the CommonJS module, Node loads the ES module. */
const Sequencer = published as unknown as typeof published.default;
type Tests = Parameters<published.default['sort']>[0];

const LONG = ['test/faults/', 'test/e2e/', 'test/replay/', 'test/workflows/', 'test/workers/'];

/** Within a folder, Jest's own order: by what it remembers of earlier runs. */
export default class LongestFirst extends Sequencer {
  override async sort(tests: Tests): Promise<Tests> {
    return (await super.sort(tests)).toSorted((a, b) => place(a.path) - place(b.path));
  }
}

function place(path: string): number {
  const at = LONG.findIndex((folder) => path.includes(folder));
  return at === -1 ? LONG.length : at;
}
