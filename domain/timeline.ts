/** The answer to "why is this money held, and what happens next": past facts, the next automatic step, who can change it. */

import type { ActorRole } from './escrow.ts';

/** One fact that happened. `type` is the field's word for it (`payment.succeeded`, `escrow.shipped`). */
export type TimelineEntry<By = ActorRole> = { at: string; type: string; by: By; text: string };

/** What will happen by itself, when (RFC 3339), and why the money is still held. */
export type NextStep = { kind: string; at: string | null; text: string };

/** Who can change the course from here, and by what request. */
export type PossibleMove<By = ActorRole> = { by: By; move: string };

export type Timeline<By = ActorRole> = {
  status: string;
  entries: TimelineEntry<By>[];
  next: NextStep;
  canChange: PossibleMove<By>[];
};
