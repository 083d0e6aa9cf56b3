/** How much of the CPU other guests of the same host took meanwhile: an absolute time means little without it. */

import { readFileSync } from 'node:fs';

/** Starts looking. The function it returns says how it was since then, for a figure's note; empty where nobody can tell. */
export function watchStolenTime(): () => string {
  const before = cpuTicks();
  return () => {
    const after = cpuTicks();
    if (before === null || after === null || after.all === before.all) return '';
    const share = (after.stolen - before.stolen) / (after.all - before.all);
    return `; ${(share * 100).toFixed(1)} % of the CPU was taken by other guests of the host`;
  };
}

/** Of all CPUs since the start of the machine; null except on Linux. See proc_stat(5). */
function cpuTicks(): { all: number; stolen: number } | null {
  try {
    const [, ...fields] = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').split(/\s+/);
    // user, nice, system, idle, iowait, irq, softirq, steal: what follows is part of these.
    const ticks = fields.slice(0, 8).map(Number);
    return { all: ticks.reduce((sum, each) => sum + each, 0), stolen: ticks[7] ?? 0 };
  } catch {
    return null;
  }
}
