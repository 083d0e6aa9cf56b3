/** Tests that cannot run here say why. */

import { it } from '@jest/globals';

/** Marks a test as skipped and prints the reason. */
export function skipWithReason(title: string, reason: string): void {
  process.stdout.write(`skipped: ${title}: ${reason}\n`);
  it.skip(`${title} (${reason})`, () => undefined);
}
