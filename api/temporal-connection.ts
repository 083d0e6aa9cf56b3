/** The API's connection to Temporal: made when it is needed, and patient with a server for a moment. */

import {
  Connection,
  type ConnectionOptions,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
} from '@temporalio/client';

/** A server that restarts is back within this many attempts (about a second); one that is gone is reported soon. */
const ATTEMPTS = 5;

/** A connection that is made on first use, so that the API starts and serves reads while Temporal is away. */
export function connectLazily(address: string): Connection {
  return Connection.lazy({ address, interceptors: patience() });
}

/**
 * Tries calls again that the server could not take. One of them is no fault at all: an update that arrives while its
 * workflow hands over to a new run is sent back, and the new run takes it. Updates have ids, so none happens twice.
 */
export function patience(): NonNullable<ConnectionOptions['interceptors']> {
  const usual = defaultGrpcRetryOptions({ maxAttempts: ATTEMPTS });
  return [
    makeGrpcRetryInterceptor({
      ...usual,
      retryableDecider: (attempt, status) =>
        usual.retryableDecider(attempt, status) ||
        (attempt < ATTEMPTS && status.details.endsWith('due to unexpected workflow task failure.')),
    }),
  ];
}
