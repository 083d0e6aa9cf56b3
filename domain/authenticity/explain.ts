/** Says in words and in data where the goods are, what happens next by itself, and who can change it. */

import type { Explanation } from '../explain.ts';
import type { PossibleMove } from '../timeline.ts';
import type { AuthenticityCase, AuthenticityPhase } from './case.ts';
import { AUTHENTICITY_COMMANDS, type AuthenticityCommandKind } from './commands.ts';
import { nextAuthenticityAction } from './deadlines.ts';

/** Where a verifier leg stands: the same words in the workflow's query, in the Temporal UI and in the API. */
export function explainAuthenticity(leg: AuthenticityCase): Explanation {
  const { kind, at } = nextAuthenticityAction(leg);
  return { next: { kind, at, text: textOf(leg) }, canChange: movesOf(leg.phase) };
}

function textOf({ phase, inspection, alerts }: AuthenticityCase): string {
  if (phase === 'mismatch_choice') {
    const lower = (inspection?.lowerPriceMinor ?? null) === null ? '' : ', take them at the lower price';
    return `The goods are genuine but not as described. The buyer can accept them${lower} or decline. Without a choice by then, the buyer is refunded.`;
  }
  if (phase === 'to_forward' && alerts > 0) {
    return 'The goods should have been sent on to the buyer by now. An admin has been alerted; the money stays held until they are.';
  }
  return TEXTS[phase];
}

const TEXTS: Readonly<Record<Exclude<AuthenticityPhase, 'mismatch_choice'>, string>> = {
  assigning: 'The goods are on their way to be verified. Without a verifier by then, the buyer is refunded.',
  in_transit_to_verifier: 'A verifier waits for the goods. Not arrived by then, the buyer is refunded.',
  with_verifier: 'The verifier inspects the goods. Without a finding by then, the buyer is refunded.',
  to_forward: 'The verifier sends the goods on to the buyer. Not sent by then, an admin is alerted.',
  passed: 'The goods are genuine and as described, and were sent on to the buyer.',
  accepted: 'The buyer took the goods as they are; they were sent on.',
  price_lowered: 'The buyer took the goods at a lower price; they were sent on.',
  failed: 'The goods are not genuine: the buyer is refunded.',
  declined: 'The buyer did not take the goods as they are, and is refunded.',
  overdue: 'The goods were not verified in time: the buyer is refunded.',
  cancelled: 'The money was settled before the goods were verified.',
};

const MOVES = Object.keys(AUTHENTICITY_COMMANDS) as AuthenticityCommandKind[];

function movesOf(phase: AuthenticityPhase): PossibleMove[] {
  return MOVES.filter((kind) => AUTHENTICITY_COMMANDS[kind].phases.includes(phase)).flatMap((kind) =>
    AUTHENTICITY_COMMANDS[kind].roles.map((by) => ({ by, move: kind === 'choose' ? 'mismatch' : kind })),
  );
}
