/** Gathers requests that wait together into one call: calls grow with the load, and nobody waits for a timer. */

import { ApiError } from './errors.ts';

/** Of one call. */
const MAX_BATCH = 100;
/** Some seconds' worth; whoever comes then is asked to come again. */
const MAX_WAITING = 5_000;

type BatchOptions<Input, Answer> = {
  /** Answers all in their order, or fails as a whole; safe to repeat. */
  call: (inputs: readonly Input[]) => Promise<readonly Answer[]>;
  /** Of those with the same lane one is in a call, and they keep their order; without it, all may be in one. */
  laneOf?: (input: Input) => string;
  /** Told of what a call answered, after everybody was; must not fail. */
  answered?: (answers: readonly Answer[]) => void;
};

type Waiting<Input, Answer> = {
  input: Input;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
};

/**
 * The function that asks for one. One call is under way at a time; the next takes all that wait meanwhile. What was in a
 * call that failed as a whole is tried once more, each by itself: it may have been one of them, or a lost connection.
 * Fails with `service_unavailable` when too many wait.
 */
export function createBatches<Input, Answer>(options: BatchOptions<Input, Answer>): (input: Input) => Promise<Answer> {
  const { call, laneOf, answered } = options;
  let waiting: Waiting<Input, Answer>[] = [];
  let running = false;

  /** All at once: where the database is away, nobody waits for the others to find that out. */
  const singly = async (batch: readonly Waiting<Input, Answer>[]): Promise<Answer[]> => {
    const answers = await Promise.all(
      batch.map(async (each) => {
        try {
          const results = await call([each.input]);
          resolveAll([each], results);
          return results;
        } catch (error) {
          each.reject(error);
          return [];
        }
      }),
    );
    return answers.flat();
  };

  const settle = async (batch: readonly Waiting<Input, Answer>[]): Promise<readonly Answer[]> => {
    try {
      const results = await call(batch.map(({ input }) => input));
      resolveAll(batch, results);
      return results;
    } catch {
      return await singly(batch);
    }
  };

  const run = async (): Promise<void> => {
    running = true;
    while (waiting.length > 0) {
      const { batch, rest } = nextBatch(waiting, laneOf);
      waiting = rest;
      const answers = await settle(batch);
      answered?.(answers);
    }
    running = false;
  };

  return (input) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= MAX_WAITING) {
        reject(new ApiError('service_unavailable'));
        return;
      }
      waiting.push({ input, resolve, reject });
      if (!running) void run();
    });
}

function resolveAll<Input, Answer>(batch: readonly Waiting<Input, Answer>[], answers: readonly Answer[]): void {
  if (answers.length !== batch.length) throw new Error(`${answers.length} answers to ${batch.length} inputs`);
  for (const [n, answer] of answers.entries()) batch[n]?.resolve(answer);
}

/** The longest waiting, at most one of each lane. */
function nextBatch<Input, Answer>(
  waiting: readonly Waiting<Input, Answer>[],
  laneOf: ((input: Input) => string) | undefined,
): { batch: Waiting<Input, Answer>[]; rest: Waiting<Input, Answer>[] } {
  if (!laneOf) return { batch: waiting.slice(0, MAX_BATCH), rest: waiting.slice(MAX_BATCH) };
  const lanes = new Set<string>();
  const batch: Waiting<Input, Answer>[] = [];
  const rest: Waiting<Input, Answer>[] = [];
  for (const each of waiting) {
    const lane = laneOf(each.input);
    if (batch.length === MAX_BATCH || lanes.has(lane)) rest.push(each);
    else batch.push(each);
    lanes.add(lane);
  }
  return { batch, rest };
}
