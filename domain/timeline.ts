/** The answer to "why is this money held, and what happens next": past facts, the next automatic step, who can change it. */

import type { ActorRole } from './escrow.ts';

/** One fact that happened. `type` is the field's word for it (`payment.succeeded`, `escrow.shipped`). */
export type TimelineEntry = { at: string; type: string; by: ActorRole; text: string };

/** What will happen by itself, when (RFC 3339), and why the money is still held. */
export type NextStep = { kind: string; at: string | null; text: string };

/** Who can change the course from here, and by what request. */
export type PossibleMove = { by: ActorRole; move: string };

export type Timeline = { status: string; entries: TimelineEntry[]; next: NextStep; canChange: PossibleMove[] };
