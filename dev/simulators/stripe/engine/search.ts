/** Stripe's search, as far as we use it: `metadata['key']:'value'` and `status:'value'`, joined by AND. */

import type { PaymentIntentObject } from '../objects.ts';
import type { Simulation } from '../simulation.ts';
import { invalidRequest } from '../stripe-fault.ts';

const CLAUSE = /^(?:metadata\[(?:'|")(?<key>[^'"]+)(?:'|")\]|(?<field>status)):(?:'|")(?<value>[^'"]*)(?:'|")$/;

/** Newest first. Objects younger than the search's lag are not found. */
export function searchPaymentIntents(simulation: Simulation, { query, limit }: { query: string; limit: number }) {
  const tests = query.split(/\s+AND\s+/i).map(parseClause);
  const indexedUntil = (simulation.clock.now() - simulation.settings.searchLagMs) / 1000;
  const found = simulation.store
    .all('payment_intents')
    .filter((intent) => intent.created <= indexedUntil && tests.every((test) => test(intent)))
    .toReversed();
  const data = found.slice(0, limit);
  return {
    object: 'search_result',
    url: '/v1/payment_intents/search',
    data,
    has_more: found.length > limit,
    next_page: null,
  };
}

function parseClause(clause: string): (intent: PaymentIntentObject) => boolean {
  const groups = CLAUSE.exec(clause.trim())?.groups;
  if (!groups) throw invalidRequest(`The simulator's search cannot read: ${clause}`, undefined, 'query');
  const { key, value } = groups;
  return key === undefined ? ({ status }) => status === value : (intent) => intent.metadata[key] === value;
}
