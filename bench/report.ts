/** What a benchmark prints: one JSON line a figure. */

export type Figure = { bench: string; figure: string; value: number; unit: string; note?: string };

/** Prints a figure to stdout; everything for people goes to stderr. */
export function report(figure: Figure): void {
  process.stdout.write(`${JSON.stringify({ ...figure, value: Math.round(figure.value * 1_000) / 1_000 })}\n`);
}

export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** The value that `share` (0 to 1) of the samples do not exceed. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
  if (value === undefined) throw new RangeError('no samples');
  return value;
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5);
}
