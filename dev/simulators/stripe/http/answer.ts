/** Stripe's error answers. */

import { z } from 'zod';
import { invalidParameter, StripeFault } from '../stripe-fault.ts';
import type { SimulatorContext } from './env.ts';

/** `{ error: { type, code, message, … } }` with the fault's status and headers. */
export function answerFault(c: SimulatorContext, fault: StripeFault): Response {
  const { code } = fault.body;
  const docUrl =
    code === undefined ? {} : { doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}` };
  return c.json({ error: { ...fault.body, ...docUrl } }, fault.status, fault.headers);
}

/** For `app.onError`: faults as Stripe answers them, anything else as Stripe's 500. */
export function answerError(error: Error, c: SimulatorContext): Response {
  if (error instanceof StripeFault) return answerFault(c, error);
  if (error instanceof z.ZodError || error instanceof SyntaxError) {
    return answerFault(c, invalidParameter('parameter_invalid', error.message));
  }
  const body = { type: 'api_error', message: `The simulator failed: ${error.message}` } as const;
  return answerFault(c, new StripeFault(500, body, { stored: false }));
}
