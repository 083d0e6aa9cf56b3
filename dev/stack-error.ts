/** The one kind of error the dev stack shows to a person without a stack trace. */

/** A full sentence: what went wrong and what to do about it. */
export class StackError extends Error {
  override readonly name = 'StackError';
}

/** The sentence in an unknown thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a Node system error (`ENOENT`, `EADDRINUSE` ...), if it has one. */
export function codeOf(error: unknown): string | undefined {
  const coded = typeof error === 'object' && error !== null && 'code' in error;
  return coded && typeof error.code === 'string' ? error.code : undefined;
}
