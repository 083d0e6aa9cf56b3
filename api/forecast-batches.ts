/** Gathers forecasts that wait together into one call to Postgres: calls grow with the load, and nobody waits for a timer. */

import type { ForecastAnswer, ForecastInput } from '../db/markets/place-forecasts.ts';
import type { ForecastId } from '../domain/ids.ts';
import { ApiError } from './errors.ts';

/** What the function in Postgres takes at once. */
const MAX_BATCH = 100;
/** Some seconds' worth; whoever comes then is asked to come again. */
const MAX_WAITING = 5_000;
/** Calls under way at a time while those of a failed call are tried one by one. */
const SINGLE_LANES = 4;

export interface ForecastBatches {
  /** Answered once it is stored for good, or refused. Fails with `service_unavailable` when too many wait. */
  place(input: ForecastInput): Promise<ForecastAnswer>;
}

type BatchPorts = {
  /** One transaction, each user once; safe to repeat. */
  place: (inputs: readonly ForecastInput[]) => Promise<ForecastAnswer[]>;
  /** Told of what was placed, after it was answered; must not fail. */
  placed?: (forecastIds: readonly ForecastId[]) => void;
};

type Waiting = {
  input: ForecastInput;
  resolve: (answer: ForecastAnswer) => void;
  reject: (error: unknown) => void;
};

/**
 * One call is under way at a time; the next takes all that wait meanwhile, each user's first. What was in a call that
 * failed as a whole is tried once more, each by itself: it may have been one of them, or a lost connection.
 */
export function createForecastBatches({ place, placed }: BatchPorts): ForecastBatches {
  let waiting: Waiting[] = [];
  let running = false;

  const answer = ({ input, resolve }: Waiting, result: ForecastAnswer | undefined): void => {
    if (!result) throw new Error(`forecast ${input.forecastId} was not answered`);
    resolve(result);
  };

  const singly = async (batch: readonly Waiting[]): Promise<ForecastAnswer[]> => {
    const left = [...batch];
    const answers: ForecastAnswer[] = [];
    const lane = async (): Promise<void> => {
      for (let each = left.shift(); each; each = left.shift()) {
        try {
          const [result] = await place([each.input]);
          answer(each, result);
          if (result) answers.push(result);
        } catch (error) {
          each.reject(error);
        }
      }
    };
    await Promise.all(Array.from({ length: SINGLE_LANES }, lane));
    return answers;
  };

  const settle = async (batch: readonly Waiting[]): Promise<ForecastAnswer[]> => {
    try {
      const answers = await place(batch.map(({ input }) => input));
      for (const [n, each] of batch.entries()) answer(each, answers[n]);
      return answers;
    } catch {
      return await singly(batch);
    }
  };

  const run = async (): Promise<void> => {
    running = true;
    while (waiting.length > 0) {
      const { batch, rest } = nextBatch(waiting);
      waiting = rest;
      const answers = await settle(batch);
      const ids = answers.flatMap((result) => (result.ok ? [result.forecast.id] : []));
      if (ids.length > 0) placed?.(ids);
    }
    running = false;
  };

  return {
    place: (input) =>
      new Promise((resolve, reject) => {
        if (waiting.length >= MAX_WAITING) {
          reject(new ApiError('service_unavailable'));
          return;
        }
        waiting.push({ input, resolve, reject });
        if (!running) void run();
      }),
  };
}

/** The longest waiting, at most one of each user. */
function nextBatch(waiting: readonly Waiting[]): { batch: Waiting[]; rest: Waiting[] } {
  const users = new Set<string>();
  const batch: Waiting[] = [];
  const rest: Waiting[] = [];
  for (const each of waiting) {
    const { userId } = each.input;
    if (batch.length === MAX_BATCH || users.has(userId)) rest.push(each);
    else batch.push(each);
    users.add(userId);
  }
  return { batch, rest };
}
