/** Lets the Temporal SDK, and the workflows through it, write to the process's own log. */

import type { LogMetadata, Logger as TemporalLogger } from '@temporalio/worker';
import type { Logger } from 'pino';

export function temporalLogger(log: Logger): TemporalLogger {
  return {
    log: (level, message, meta) => log[toPinoLevel(level)](fieldsOf(meta), message),
    trace: (message, meta) => log.trace(fieldsOf(meta), message),
    debug: (message, meta) => log.debug(fieldsOf(meta), message),
    // The SDK says at info what we say ourselves, or what nobody needs in a quiet hour.
    info: (message, meta) => log.debug(fieldsOf(meta), message),
    warn: (message, meta) => log.warn(fieldsOf(meta), message),
    error: (message, meta) => log.error(fieldsOf(meta), message),
  };
}

const PINO_LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'debug', WARN: 'warn', ERROR: 'error' } as const;

function toPinoLevel(level: keyof typeof PINO_LEVELS): (typeof PINO_LEVELS)[keyof typeof PINO_LEVELS] {
  return PINO_LEVELS[level];
}

function fieldsOf(meta: LogMetadata | undefined): object {
  return meta ?? {};
}
